import type { E2e } from '../part';
import { startDiscord, type Discord } from '../servers/discord';
import { startPostgres, type Postgres } from '../servers/postgres';
import { startRedis, type Redis } from '../servers/redis';
import { startS3, type S3 } from '../servers/s3';
import { startSftp, type Sftp } from '../servers/sftp';
import { startSmtp, type Smtp } from '../servers/smtp';
import { startTelegram, type Telegram } from '../servers/telegram';
import { startUploads, type Uploads } from '../servers/uploads';

/** Where the images of the part go. */
export interface Servers {
	s3: S3;
	sftp: Sftp;
	postgres: Postgres;
	redis: Redis;
	smtp: Smtp;
	telegram: Telegram;
	discord: Discord;
	uploads: Uploads;
}

/** Starts all of them, to be stopped at the end of the part. */
export async function startServers(e2e: E2e): Promise<Servers> {
	const started = async <S extends { stop(): Promise<void> }>(starting: Promise<S>) => {
		const server = await starting;
		e2e.defer(server.stop);
		return server;
	};
	return {
		s3: await started(startS3()),
		sftp: await started(startSftp()),
		postgres: await started(startPostgres()),
		redis: await started(startRedis()),
		smtp: await started(startSmtp()),
		telegram: await started(startTelegram()),
		discord: await started(startDiscord()),
		uploads: await started(startUploads()),
	};
}
