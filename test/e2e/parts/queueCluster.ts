import { assert } from '../../node';
import type { E2e } from '../part';
import { startPostgres, type Postgres } from '../servers/postgres';
import { startRedis } from '../servers/redis';
import { startS3 } from '../servers/s3';
import { startN8n, type N8n } from '../server';

/** An n8n in queue mode, without workers. */
export interface Cluster {
	main: N8n;
	postgres: Postgres;
	/** Variables that make a process a part of it. */
	env: Record<string, string>;
}

/** Starts Redis, PostgreSQL and the main process. */
export async function startCluster(e2e: E2e): Promise<Cluster> {
	const postgres = await startPostgres();
	e2e.defer(postgres.stop);
	const redis = await startRedis();
	e2e.defer(redis.stop);
	const env = {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: redis.host,
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: postgres.host,
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: postgres.database,
		DB_POSTGRESDB_USER: postgres.user,
		DB_POSTGRESDB_PASSWORD: postgres.password,
		// As long as a stopped worker may take for what it has begun.
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '15',
	};
	e2e.say('Starting the main process …');
	return { main: await startProcess(e2e, 'start', env), postgres, env };
}

/** Starts a worker with a user folder of its own, as on another machine. */
export async function startWorker(e2e: E2e, { env }: Cluster): Promise<N8n> {
	e2e.say('Starting a worker …');
	return await startProcess(e2e, 'worker', env);
}

async function startProcess(e2e: E2e, command: string, env: Record<string, string>): Promise<N8n> {
	const [host, packageTarball] = [await e2e.host(), await e2e.tarball()];
	const n8n = await startN8n({ host, command, env, packageTarball });
	e2e.defer(n8n.stop);
	return n8n;
}

/** The setting that n8n only accepts with a licence, and what it says without. */
const S3_MODE = { N8N_DEFAULT_BINARY_DATA_MODE: 's3', N8N_AVAILABLE_BINARY_DATA_MODES: 's3' };
const NO_LICENCE = /S3 binary data storage requires a valid license\..*/;

/** Starts the cluster's processes with images in a bucket, as far as n8n lets it, and tries it. */
export async function onS3(
	e2e: E2e,
	{ env }: Cluster,
	answersImages: (main: N8n) => Promise<void>,
): Promise<void> {
	const name = 'images are stored in a bucket';
	const s3 = await startS3();
	e2e.defer(s3.stop);
	const settings = {
		...env,
		...S3_MODE,
		N8N_EXTERNAL_STORAGE_S3_HOST: new URL(s3.endpoint).host,
		N8N_EXTERNAL_STORAGE_S3_PROTOCOL: 'http',
		N8N_EXTERNAL_STORAGE_S3_BUCKET_NAME: s3.bucket,
		N8N_EXTERNAL_STORAGE_S3_BUCKET_REGION: s3.region,
		N8N_EXTERNAL_STORAGE_S3_ACCESS_KEY: s3.accessKeyId,
		N8N_EXTERNAL_STORAGE_S3_ACCESS_SECRET: s3.secretAccessKey,
	};
	e2e.say('Starting the main process with a bucket …');
	const main = await startProcess(e2e, 'start', settings).catch((error: Error) => error);
	const [refusal] = main instanceof Error ? (NO_LICENCE.exec(main.message) ?? []) : [];
	if (refusal !== undefined) {
		e2e.notRun(name, `n8n says: ${refusal}`);
		return;
	}
	await e2e.check(name, async () => {
		if (main instanceof Error) throw main;
		await startProcess(e2e, 'worker', settings);
		await answersImages(main);
		assert.notDeepEqual(s3.keys(), []);
	});
}
