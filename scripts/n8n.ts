import { cacheFolder } from '../test/e2e/cache';
import { installHost } from '../test/e2e/host';
import { packPackage } from '../test/e2e/package';
import { freePort } from '../test/e2e/ports';
import { lastLines, stopProcesses } from '../test/e2e/processes';
import { OWNER, Rest } from '../test/e2e/rest';
import { startN8n } from '../test/e2e/server';
import { events, fs, path, process } from '../test/node';
import { liveApi, simulatedApi } from './demo/api';
import { lock } from './n8n/lock';
import { importExamples, setCredential } from './n8n/setUp';

/** The port n8n has everywhere else; another when it is taken. */
const PORT = 5678;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const stop = new AbortController();

/** The key stays in the environment: what n8n stores is only where to find it. */
const KEY_IN_ENVIRONMENT = '={{ $env.OPENAI_API_KEY }}';

/** Starts n8n with this package, a credential and the examples in it, and waits until it is stopped. */
async function main(): Promise<void> {
	const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl } = process.env;
	const isLive = process.argv.includes('--live');
	if (isLive && !key) {
		throw new Error(
			'OPENAI_API_KEY is not set; with --live each image is made with it and billed.',
		);
	}
	const folder = path.join(cacheFolder(), 'editor');
	if (process.argv.includes('--fresh'))
		await fs.promises.rm(folder, { recursive: true, force: true });
	const files = path.join(folder, '.n8n-files');
	await fs.promises.mkdir(files, { recursive: true });
	const cleanUps = [await lock(path.join(folder, 'running'))];
	const run = async () => {
		const host = await installHost('2.41.1', say);
		const tarball = await packPackage();
		cleanUps.push(tarball.remove);
		const api = isLive ? liveApi(KEY_IN_ENVIRONMENT, baseUrl || undefined) : await simulatedApi();
		cleanUps.push(api.close);
		say('Starting n8n …');
		const n8n = await startN8n({
			host,
			userFolder: folder,
			port: await freePort(PORT),
			packageTarball: tarball.file,
			env: { ...(isLive && key && { OPENAI_API_KEY: key, N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false' }) },
		});
		const rest = await Rest.open(n8n.url);
		const credential = await setCredential(rest, api.credentials);
		const imported = await importExamples(rest, credential, files);
		say(`
n8n:       ${n8n.url}
login:     ${OWNER.email}
password:  ${OWNER.passphrase}
API:       ${api.name}${isLive ? ', images are billed' : ''}
examples:  ${imported > 0 ? `${imported} imported` : 'imported before'}, files go to ${files}

Press Ctrl-C to stop. What you change is kept; npm run n8n -- --fresh begins anew.`);
		await Promise.race([n8n.end, events.once(stop.signal, 'abort')]);
		if (!stop.signal.aborted) throw new Error(`n8n ended:\n${lastLines(n8n.log(), 20)}`);
	};
	await run().finally(async () => {
		say('\nStopping …');
		await stopProcesses();
		for (const cleanUp of cleanUps.toReversed()) await cleanUp();
	});
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		stop.abort();
		void stopProcesses();
	});
}
process.stdout.on('error', () => stop.abort());

void main().then(
	() => process.exit(0),
	(error: unknown) => {
		if (!stop.signal.aborted) say(error instanceof Error ? error.message : String(error));
		process.exit(stop.signal.aborted ? 130 : 1);
	},
);
