import { jsonParse } from 'n8n-workflow';
import { childProcess, fs, path, process, repositoryRoot, util } from '../../test/node';
import { median } from '../outcome';
import type { Section } from '../section';
import type { Stage } from '../stage';
import { seconds } from '../units';

const PROCESSES = 11;
const execFile = util.promisify(childProcess.execFile);

/** What installing and loading the package costs. */
export async function measurePackage(stage: Stage): Promise<Section> {
	const { unpackedSize, size, files } = await pack(stage);
	const code = files
		.filter(({ path }) => path.endsWith('.js'))
		.reduce((all, file) => all + file.size, 0);
	const requireMs = await requireTime(stage);
	const dependencies = Object.keys(readPackage(stage).dependencies ?? {}).length;
	const row = (what: string, goal: string, reached: string, isMet: boolean) => ({
		what,
		goal,
		reached,
		isMet,
	});
	const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
	return {
		tables: [
			{
				title: 'The package',
				shows: 'What installing and loading the package costs.',
				head: ['packed', 'unpacked', 'JavaScript', 'files', 'require time', 'runtime dependencies'],
				rows: [
					[
						kilobytes(size),
						kilobytes(unpackedSize),
						kilobytes(code),
						String(files.length),
						seconds(requireMs),
						String(dependencies),
					],
				],
				note: `Require time: nodes and credential in a fresh process that has loaded n8n-workflow, as n8n has; median of ${PROCESSES} processes.`,
			},
		],
		goals: [
			row('JavaScript that ships', '≤ 400 kB', kilobytes(code), code <= 400_000),
			row('require time', '≤ 10 ms', seconds(requireMs), requireMs <= 10),
			row('runtime dependencies', '0', String(dependencies), dependencies === 0),
		],
	};
}

interface Packed {
	/** Bytes of the tarball. */
	size: number;
	unpackedSize: number;
	files: Array<{ path: string; size: number }>;
}

async function pack({ packageFolder }: Stage): Promise<Packed> {
	const { stdout } = await execFile('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: packageFolder,
		shell: process.platform === 'win32',
	});
	const [packed]: Packed[] = JSON.parse(stdout);
	if (!packed) throw new Error('npm pack says nothing about the package');
	return packed;
}

async function requireTime(stage: Stage): Promise<number> {
	const found: number[] = [];
	const { nodes, credentials } = readPackage(stage).n8n;
	const files = [...nodes, ...credentials].map((file) => path.join(stage.packageFolder, file));
	const env = { ...process.env, NODE_PATH: path.join(repositoryRoot, 'node_modules') };
	for (let round = 0; round < PROCESSES; round += 1) {
		const script = stage.script('bench/child/requireTime.ts');
		const { stdout } = await execFile(process.execPath, [script, ...files], { env });
		found.push(Number(stdout));
	}
	return median(found);
}

/** What is read in package.json. */
interface Manifest {
	dependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

function readPackage({ packageFolder }: Stage): Manifest {
	return jsonParse<Manifest>(fs.readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
}
