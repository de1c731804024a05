import '../harness';
import { PackageDirectoryLoader } from 'n8n-core';
import { jsonParse, NodeHelpers } from 'n8n-workflow';
import { childProcess, fs, os, path, process, repositoryRoot } from '../node';
import { filesOfRepository, functionsIn, linesWithAny, modulesOf, read } from '../support/sources';

/** What `npm pack --json` tells of a package. */
interface Packed {
	filename: string;
	files: Array<{ path: string; size: number }>;
}

/** What the tests read in package.json. */
interface Manifest {
	name: string;
	peerDependencies: object;
	repository: { url: string };
	n8n: { nodes: string[]; credentials: string[] };
}

/** All code: what n8n loads when it starts, what is loaded when something is to be done, and what both need. */
const BUNDLES = ['bundle', 'whenNeeded', 'chunk'].map((name) => `dist/${name}.js`);
const scripts = ['nodes', 'credentials']
	.flatMap((folder) => filesOfRepository(folder))
	.filter((file) => file.endsWith('.ts'));
const manifest = jsonParse<Manifest>(read('package.json'));
let folder: string;
let packed: Packed;

/** The package as npm would publish it, unpacked, with nothing installed beside it but n8n's own module. */
const unpacked = () => path.join(folder, 'package');
const exists = (file: string) => fs.existsSync(path.join(unpacked(), file));

beforeAll(async () => {
	folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'package-'));
	const [first] = jsonParse<Packed[]>(
		childProcess
			.execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
				cwd: repositoryRoot,
				stdio: ['ignore', 'pipe', 'ignore'],
			})
			.toString(),
	);
	if (!first) throw new Error('npm packed nothing');
	packed = first;
	childProcess.execFileSync('tar', ['-xzf', packed.filename], { cwd: folder });
	const [modules, workflow] = ['node_modules', 'node_modules/n8n-workflow'];
	await fs.promises.mkdir(path.join(unpacked(), modules));
	await fs.promises.symlink(path.join(repositoryRoot, workflow), path.join(unpacked(), workflow));
});
afterAll(async () => await fs.promises.rm(folder, { recursive: true, force: true }));

describe('the package', () => {
	it('has at most 400 kB of JavaScript', () => {
		const sizes = packed.files.filter(({ path }) => path.endsWith('.js')).map(({ size }) => size);
		expect(sizes.reduce((all, size) => all + size, 0)).toBeLessThanOrEqual(400_000);
	});

	it('has its code in lines and names that can be read', () => {
		const lines = BUNDLES.flatMap((file) => read(file).split('\n'));
		expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(500);
		// esbuild numbers a name that several files have; its own helpers begin with two underscores.
		const names = BUNDLES.flatMap(functionsIn).filter((name) => !name.startsWith('__'));
		const ours = new Set(scripts.flatMap(functionsIn));
		expect(names.length).toBeGreaterThan(100);
		expect(names.filter((name) => !ours.has(name) && !ours.has(name.replace(/\d+$/, '')))).toEqual(
			[],
		);
	});

	it('has n8n load a sixth of it when it starts', () => {
		const atStart = BUNDLES.filter((file) => !file.includes('whenNeeded'));
		const bytes = atStart.map((file) => fs.statSync(path.join(repositoryRoot, file)).size);
		expect(bytes.reduce((all, size) => all + size, 0)).toBeLessThan(75_000);
		const script = `require('./dist/nodes/GptImage/GptImage.node.js');
			process.stdout.write(Object.keys(require.cache).join('\\n'));`;
		const loaded = childProcess.execFileSync(process.execPath, ['-e', script], {
			cwd: unpacked(),
			encoding: 'utf8',
		});
		expect(loaded).toContain('bundle.js');
		expect(loaded).not.toContain('whenNeeded');
	});

	it.each(['package.json', 'README.md', 'LICENSE.md', 'CHANGELOG.md'])('has a %s', (file) => {
		expect(packed.files.map((each) => each.path)).toContain(file);
	});

	it('has nothing else but what was built', () => {
		const others = packed.files
			.map((each) => each.path)
			.filter((file) => !file.startsWith('dist/'));
		const wanted = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'package.json'];
		expect(others.filter((file) => !wanted.includes(file))).toEqual([]);
	});

	it('was built from the sources as they are', () => {
		const built = packed.files.map((each) => each.path).filter((file) => file.startsWith('dist/'));
		const sources = ['nodes', 'credentials', 'icons'].flatMap((folder) =>
			filesOfRepository(folder),
		);
		// The code is in three files, and there is one beside them for each thing n8n loads.
		const isEntry = (file: string) =>
			!file.endsWith('.ts') || /\.(node|credentials)\.ts$/.test(file);
		const wanted = sources.filter(isEntry).map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
		expect(built.sort()).toEqual([...BUNDLES, ...wanted].sort());
		const timeOf = (file: string) => fs.statSync(path.join(repositoryRoot, file)).mtimeMs;
		const builtAt = Math.min(...BUNDLES.map(timeOf));
		const isNewer = (file: string) => timeOf(file) > builtAt;
		expect(sources.filter(isNewer)).toEqual([]);
	});

	it('loads nothing but its own files and what n8n has', () => {
		const built = packed.files.map((each) => each.path).filter((file) => file.endsWith('.js'));
		const modules = built.flatMap((file) => modulesOf(path.join(unpacked(), file)));
		const foreign = modules.filter((name) => !/^\.{1,2}\//.test(name));
		expect([...new Set(foreign)].filter((name) => name !== 'crypto')).toEqual(['n8n-workflow']);
	});

	it('depends on nothing', () => {
		expect(
			Object.keys(manifest)
				.filter((key) => /dependencies$/i.test(key))
				.sort(),
		).toEqual(['devDependencies', 'peerDependencies']);
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('has the files that its "n8n" entry names', () => {
		const { nodes, credentials } = manifest.n8n;
		const named = [...nodes, ...credentials];
		expect(named.filter((file) => !exists(file))).toEqual([]);
		const sources = scripts.filter((file) => /\.(node|credentials)\.ts$/.test(file));
		expect(named.sort()).toEqual(sources.map((file) => `dist/${file.replace(/ts$/, 'js')}`).sort());
	});
});

describe('n8n’s own loader', () => {
	const load = async () => {
		const loader = new PackageDirectoryLoader(unpacked());
		await loader.loadAll();
		return loader;
	};
	const iconsOf = (icons: unknown) =>
		Object.values(typeof icons === 'object' ? { ...icons } : { icons }).map(String);

	it('finds two nodes and one credential', async () => {
		const { types, packageName } = await load();
		expect(packageName).toBe('n8n-nodes-gpt-image');
		expect(types.nodes.map(({ name, displayName }) => [name, displayName])).toEqual([
			['gptImage', 'GPT Image'],
			['gptImageTrigger', 'GPT Image Trigger'],
		]);
		expect(types.credentials.map(({ name, displayName }) => [name, displayName])).toEqual([
			['openAiImagesApi', 'OpenAI Images API'],
		]);
		expect(types.credentials[0]?.supportedNodes).toEqual(['gptImage', 'gptImageTrigger']);
	});

	it('finds the icons of all, light and dark', async () => {
		const { types } = await load();
		for (const { iconUrl } of [...types.nodes, ...types.credentials]) {
			const icons = iconsOf(iconUrl);
			expect(icons).toHaveLength(2);
			const files = icons.map((icon) => icon.replace(`icons/${manifest.name}/`, ''));
			expect(files.filter((file) => !exists(file))).toEqual([]);
		}
	});

	it('finds what the node panel searches by', async () => {
		const { types } = await load();
		expect(types.nodes[0]?.codex).toMatchObject({
			categories: ['Marketing & Content', 'Productivity'],
			alias: expect.arrayContaining(['image', 'openai', 'edit photo']),
		});
	});

	it('can make a tool of the node, which says what it does', async () => {
		const [description] = (await load()).types.nodes;
		expect(description?.usableAsTool).toBe(true);
		expect(description?.inputs).toEqual(['main']);
		expect(description && NodeHelpers.makeDescription({ operation: 'edit' }, description)).toBe(
			"Generate and edit images with OpenAI's GPT Image models",
		);
	});
});

describe('the sources', () => {
	it.each(scripts)('%s has no "any", and switches no check off', (file) => {
		expect(linesWithAny(file)).toEqual([]);
		expect(read(file)).not.toMatch(/eslint-|@ts-|prettier-ignore|istanbul|c8 ignore/);
	});

	it('name the address of the repository in package.json only, and in links to its pages', () => {
		const [, address = ''] = /github\.com\/(.+?)(?:\.git)?$/.exec(manifest.repository.url) ?? [];
		expect(address).toMatch(/^[\w.-]+\/[\w.-]+$/);
		// Where these links lead is looked at with those of the pages.
		const link = `https://github.com/${address}/blob/main/`;
		const named = filesOfRepository().filter((file) =>
			read(file).replaceAll(link, '').includes(address),
		);
		expect(named).toEqual(['package.json']);
	});
});
