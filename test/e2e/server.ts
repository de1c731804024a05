import { fs, os, path } from '../node';
import type { Host } from './host';
import { installPackage } from './package';
import { freePort } from './ports';
import { lastLines, startProcess } from './processes';
import { until } from './wait';

/** How an n8n process is started. */
export interface N8nOptions {
	host: Host;
	/** What it is to do: `start` (default), or `worker` and its arguments. */
	command?: string | string[];
	/** Where its data is. Default: a fresh folder, removed when it is stopped. */
	userFolder?: string;
	/** TCP port on 127.0.0.1. Default: any free one. */
	port?: number;
	/** Variables to add to `environment`, or to set otherwise. */
	env?: Record<string, string>;
	/** A package to install in the user folder before. */
	packageTarball?: string;
	/** Milliseconds until it has to be ready. Default 240,000: the machine may be busy. */
	readyWithinMs?: number;
}

/** A running n8n process that is ready. */
export interface N8n {
	/** `http://127.0.0.1:PORT`; of a worker, its health checks. */
	url: string;
	port: number;
	pid: number;
	userFolder: string;
	/** Milliseconds from its start until it was ready. */
	readyMs: number;
	/** Everything it has written so far. */
	log(): string;
	/** Resolves when it has ended, for whatever reason. */
	end: Promise<void>;
	/** Ends it and all it has started. */
	stop(): Promise<void>;
}

/** The same for all processes of an n8n, so that workers can read what the main one wrote. */
const ENCRYPTION_KEY = 'a-key-for-tests-only';

/** An n8n that listens on 127.0.0.1 only and asks nobody outside for anything. */
function environment(userFolder: string, port: number, brokerPort: number): Record<string, string> {
	return {
		HOME: userFolder,
		TMPDIR: os.tmpdir(),
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: ENCRYPTION_KEY,
		N8N_PROTOCOL: 'http',
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		// Only read by workers.
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		GENERIC_TIMEZONE: 'UTC',
		NO_COLOR: '1',
	};
}

/**
 * Starts n8n and waits until it is ready to serve.
 * @throws when it ends or is not ready in time, with the end of its log
 */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const { host, command = 'start', env, packageTarball, readyWithinMs = 240_000 } = options;
	const isOwnFolder = options.userFolder === undefined;
	const userFolder = options.userFolder ?? (await temporaryFolder());
	if (packageTarball) await installPackage(packageTarball, userFolder);
	const port = options.port ?? (await freePort());
	const start = Date.now();
	const started = startProcess(host.node, [host.n8n, ...[command].flat()], {
		cwd: userFolder,
		env: { ...environment(userFolder, port, await freePort()), ...host.env, ...env },
	});
	const stop = async () => {
		await started.stop();
		if (isOwnFolder) await fs.promises.rm(userFolder, { recursive: true, force: true });
	};
	const url = `http://127.0.0.1:${port}`;
	const isReady = async () => {
		if (started.ended() !== undefined) throw new Error(`n8n ended with ${started.ended()}`);
		const health = fetch(`${url}/healthz/readiness`, { signal: AbortSignal.timeout(10_000) });
		return await health.then(
			async (response) => await response.text().then(() => response.ok),
			() => false,
		);
	};
	await until('n8n is ready', readyWithinMs, isReady).catch(async (error: unknown) => {
		await stop();
		return await Promise.reject(
			new Error(`${String(error)}\n${lastLines(started.log(), 40)}`, { cause: error }),
		);
	});
	const readyMs = Date.now() - start;
	const { pid, log, end } = started;
	return { url, port, pid, userFolder, readyMs, log, end, stop };
}

async function temporaryFolder(): Promise<string> {
	return await fs.promises.mkdtemp(path.join(os.tmpdir(), 'n8n-user-'));
}
