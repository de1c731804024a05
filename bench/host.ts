import { childProcess, events, fs, os, path, process, repositoryRoot } from '../test/node';

/** What n8n itself has in the version that is compared; see package.json for the one of the tests. */
const PACKAGES = {
	'@n8n/di': '0.17.0',
	'@n8n/n8n-nodes-langchain': '2.41.1',
	'n8n-core': '2.41.1',
	'n8n-nodes-base': '2.41.1',
	'n8n-workflow': '2.41.0',
	'reflect-metadata': '0.2.2',
};

/** Versions in place of some that are not to be had or need a compiler. */
const OVERRIDES = { linkedom: '0.18.14', 'msgpackr-extract': '3.0.3' };

/** n8n's built-in nodes with their engine, installed beside the repository and kept for the next run. */
const FOLDER = path.join(cacheFolder(), 'n8n-nodes-gpt-image', `bench-n8n-${PACKAGES['n8n-core']}`);

/** Written last, so that an interrupted installation is done again. */
const DONE = path.join(FOLDER, 'installed.json');

/** @returns the folder of n8n's packages, or `undefined` when they are not installed */
export function findHost(): string | undefined {
	const wanted = JSON.stringify(PACKAGES);
	return fs.existsSync(DONE) && fs.readFileSync(DONE, 'utf8') === wanted
		? path.join(FOLDER, 'node_modules')
		: undefined;
}

/**
 * Installs n8n's built-in nodes unless they are there: about 3 minutes and 2 GB.
 *
 * @param signal ends the installation
 * @param say told now and then how long it has taken
 * @returns the folder of the packages
 * @throws Error when npm fails
 */
export async function installHost(
	signal: AbortSignal,
	say: (text: string) => void,
): Promise<string> {
	const found = findHost();
	if (found) return found;
	fs.mkdirSync(FOLDER, { recursive: true });
	fs.writeFileSync(
		path.join(FOLDER, 'package.json'),
		JSON.stringify({ private: true, dependencies: PACKAGES, overrides: OVERRIDES }),
	);
	say("installing n8n's built-in nodes, once, about 3 minutes and 2 GB …");
	const npm = childProcess.spawn(
		'npm',
		['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
		{ cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
	);
	const stop = () => npm.kill();
	signal.addEventListener('abort', stop);
	const [code] = await events.once(npm, 'exit').finally(() => {
		signal.removeEventListener('abort', stop);
	});
	signal.throwIfAborted();
	if (code !== 0) throw new Error("npm could not install n8n's built-in nodes; see above");
	fs.writeFileSync(DONE, JSON.stringify(PACKAGES));
	say('installed');
	return path.join(FOLDER, 'node_modules');
}

/** @returns names and versions of the packages that are compared, and of the engine they run in */
export function versionsOf(host: string | undefined): Record<string, string> {
	const own = path.join(repositoryRoot, 'node_modules');
	const engine = host ?? own;
	const read = (folder: string): string => {
		const { version }: { version: string } = JSON.parse(
			fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
		);
		return version;
	};
	const inEngine = Object.keys(PACKAGES).filter(
		(name) => name.startsWith('n8n-') || name.includes('langchain'),
	);
	return {
		'n8n-nodes-gpt-image': read(repositoryRoot),
		...Object.fromEntries(
			inEngine
				.filter((name) => fs.existsSync(path.join(engine, name)))
				.map((name) => [name, read(path.join(engine, name))]),
		),
		openai: read(path.join(own, 'openai')),
	};
}

/** The user's cache, or a temporary folder when there is no home to write to. */
function cacheFolder(): string {
	const wanted = process.env.XDG_CACHE_HOME || path.join(os.homedir() || os.tmpdir(), '.cache');
	try {
		fs.mkdirSync(wanted, { recursive: true });
		fs.accessSync(wanted, fs.constants.W_OK);
		return wanted;
	} catch {
		return os.tmpdir();
	}
}
