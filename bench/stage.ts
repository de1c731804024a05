import ts from 'typescript';
import { fs, os, path, repositoryRoot } from '../test/node';

/** Folders whose TypeScript is compiled for the run: what is measured must not carry a compiler along. */
const SOURCES = ['bench', 'test/harness', 'test/simulator'];

/** A temporary folder with everything that measuring processes run, as plain JavaScript. */
export interface Stage {
	folder: string;
	/** A copy of what npm publishes. */
	packageFolder: string;
	/** The compiled form of a TypeScript file of the repository. */
	script(file: string): string;
	remove(): void;
}

/**
 * Compiles the benchmark, the engine and the simulator into a temporary folder, and puts the built node
 * from `dist/` beside them, so that it is the one the engine finds.
 *
 * @throws Error when `dist/` is not there or not whole
 */
export function makeStage(): Stage {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gpt-image-bench-'));
	const packageFolder = path.join(folder, 'package');
	copyPackage(packageFolder);
	fs.cpSync(path.join(packageFolder, 'dist'), folder, { recursive: true });
	for (const file of ['test/node.ts', ...SOURCES.flatMap(typeScriptFiles)]) {
		const target = path.join(folder, toJs(file));
		fs.mkdirSync(path.dirname(target), { recursive: true });
		fs.writeFileSync(target, compile(path.join(repositoryRoot, file)));
	}
	return {
		folder,
		packageFolder,
		script: (file) => path.join(folder, toJs(file)),
		remove: () => fs.rmSync(folder, { recursive: true, force: true }),
	};
}

/** What package.json says of the package, as far as it is needed here. */
interface Manifest {
	files: string[];
	n8n: { nodes: string[]; credentials: string[] };
}

function copyPackage(to: string) {
	const file = path.join(repositoryRoot, 'package.json');
	const { files, n8n }: Manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
	const documents = fs
		.readdirSync(repositoryRoot)
		.filter((name) => /^(README|LICENSE)/i.test(name));
	for (const name of ['package.json', ...files, ...documents]) {
		const from = path.join(repositoryRoot, name);
		if (fs.existsSync(from)) fs.cpSync(from, path.join(to, name), { recursive: true });
	}
	const missing = [...n8n.nodes, ...n8n.credentials].find(
		(name) => !fs.existsSync(path.join(to, name)),
	);
	if (missing !== undefined) throw new Error(`${missing} is missing: run \`npm run build\` first`);
}

const toJs = (file: string) => file.replace(/\.ts$/, '.js');

function typeScriptFiles(folder: string): string[] {
	return fs
		.readdirSync(path.join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
		.map((name) => path.join(folder, name));
}

function compile(file: string): string {
	return ts.transpileModule(fs.readFileSync(file, 'utf8'), {
		fileName: file,
		compilerOptions: {
			target: ts.ScriptTarget.ES2022,
			module: ts.ModuleKind.CommonJS,
			esModuleInterop: true,
		},
	}).outputText;
}
