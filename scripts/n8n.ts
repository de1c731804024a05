import { cacheFolder } from '../test/e2e/cache';
import { installHost } from '../test/e2e/host';
import { packPackage } from '../test/e2e/package';
import { isFree } from '../test/e2e/ports';
import { lastLines, runProcess, stopProcesses } from '../test/e2e/processes';
import { OWNER, Rest } from '../test/e2e/rest';
import { startN8n } from '../test/e2e/server';
import { events, fs, path, process, repositoryRoot } from '../test/node';
import { liveApi, simulatedApi } from './demo/api';
import { lock } from './n8n/lock';
import { readOptions, USAGE, type Options } from './n8n/options';
import { showProgress } from './n8n/progress';
import { importExamples, setCredential } from './n8n/setUp';

const { stdout } = process;
const say = (line: string) => void stdout.write(`${line}\n`);
const stop = new AbortController();

/** The key stays in the environment: what n8n stores is only where to find it. */
const KEY_IN_ENVIRONMENT = '={{ $env.OPENAI_API_KEY }}';

/** Starts n8n with this package, a credential and the examples in it, and waits until it is stopped. */
async function main(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	if (!options) {
		say(USAGE);
		return;
	}
	const { port, simulatorPort, isLive, isFresh } = options;
	if (isLive && !process.env.OPENAI_API_KEY) {
		throw new Error(
			'OPENAI_API_KEY is not set; with --live each image is made with it and billed.',
		);
	}
	const folder = path.join(cacheFolder(), 'editor');
	await fs.promises.mkdir(folder, { recursive: true });
	// What can be said at once is said before minutes of work.
	const cleanUps = [await lock(path.join(cacheFolder(), 'editor-running'), addressOf(port))];
	const run = async () => {
		await demandPort('port', port);
		if (!isLive) await demandPort('simulator-port', simulatorPort);
		if (isFresh) await fs.promises.rm(folder, { recursive: true, force: true });
		await serve(options, folder, cleanUps);
	};
	await run().finally(async () => {
		await stopProcesses();
		for (const cleanUp of cleanUps.toReversed()) await cleanUp();
	});
}

const addressOf = (port: number) => `http://127.0.0.1:${port}`;

/** @throws when a port is taken: another one in its place would be looked for in vain */
async function demandPort(name: string, port: number): Promise<void> {
	if (await isFree(port)) return;
	throw new Error(
		`Port ${port} is taken by another program. End that, or take another port: npm run n8n -- --${name} ${port + 10}`,
	);
}

/** Installs and builds what is missing, starts n8n, and waits until it ends or is stopped. */
async function serve(
	{ port, simulatorPort, isLive }: Options,
	folder: string,
	cleanUps: Array<() => Promise<void>>,
): Promise<void> {
	const { PATH = '', HOME = '', OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl } = process.env;
	const files = path.join(folder, '.n8n-files');
	await fs.promises.mkdir(files, { recursive: true });
	const host = await installHost('2.41.1', say, async (what, work, state) => {
		return await showProgress(stdout, what, work, state);
	});
	const building = runProcess('npm', ['run', '--silent', 'build'], {
		cwd: repositoryRoot,
		env: { PATH, HOME },
	});
	await showProgress(stdout, 'Building the package', building);
	const tarball = await packPackage();
	cleanUps.push(tarball.remove);
	const api = isLive
		? liveApi(KEY_IN_ENVIRONMENT, baseUrl || undefined)
		: await simulatedApi({ port: simulatorPort });
	cleanUps.push(api.close);
	const starting = startN8n({
		host,
		userFolder: folder,
		port,
		packageTarball: tarball.file,
		env: { ...(isLive && key && { OPENAI_API_KEY: key, N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false' }) },
	});
	const n8n = await showProgress(stdout, 'Starting n8n', starting);
	const rest = await Rest.open(n8n.url);
	const credential = await setCredential(rest, { hasMore: true, ...api.credentials });
	const imported = await importExamples(rest, credential, files);
	const keyShown = isLive ? 'OPENAI_API_KEY, images are billed' : String(api.credentials.apiKey);
	say(`
n8n:       ${n8n.url}
login:     ${OWNER.email}
password:  ${OWNER.passphrase}
API:       ${api.name}
API key:   ${keyShown}
examples:  ${imported > 0 ? `${imported} imported` : 'imported before'}, files go to ${files}

Press Ctrl-C to stop. What you change is kept; npm run n8n -- --fresh begins anew.`);
	await Promise.race([n8n.end, events.once(stop.signal, 'abort')]);
	if (!stop.signal.aborted) throw new Error(`n8n ended:\n${lastLines(n8n.log(), 20)}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		if (!stop.signal.aborted) say('\nStopping …');
		stop.abort();
		void stopProcesses();
	});
}
stdout.on('error', () => stop.abort());

void main().then(
	() => process.exit(0),
	(error: unknown) => {
		if (!stop.signal.aborted) say(error instanceof Error ? error.message : String(error));
		process.exit(stop.signal.aborted ? 130 : 1);
	},
);
