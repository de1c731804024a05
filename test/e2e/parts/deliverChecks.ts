import type { IDataObject } from 'n8n-workflow';
import { assert, crypto, fs, path } from '../../node';
import type { E2e } from '../part';
import type { ReceivedForm } from '../servers/received';
import { CHANNEL, CHAT_ID, MAIL } from './deliverNodes';
import type { Servers } from './deliverServers';

/** What an execution says of the image it made, and the checksum of what was drawn. */
export interface Poster {
	fileName: string;
	/** USD. */
	cost: number;
	/** Pixels, WIDTHxHEIGHT. */
	size: string;
	/** The whole JSON of its item. */
	row: IDataObject;
	sha256: string;
}

/** All posters have this type. */
export const MIME_TYPE = 'image/jpeg';

/** A file as a server has it. */
interface KeptFile {
	fileName: string;
	contentType: string | undefined;
	bytes: Buffer;
}

/** Each poster is there once: its bytes, its name, its type. */
function compare(kept: KeptFile[], posters: Poster[]): void {
	const found = kept.map(({ fileName, contentType, bytes }) => [
		...[fileName, contentType, crypto.createHash('sha256').update(bytes).digest('hex')],
	]);
	const expected = posters.map(({ fileName, sha256 }) => [fileName, MIME_TYPE, sha256]);
	assert.deepEqual(found.sort(), expected.sort());
}

/** Checks the bucket and the folder. */
export async function checkStorage(e2e: E2e, { s3, sftp }: Servers, posters: Poster[]) {
	await e2e.check('S3 stores the drawn bytes under their name and type', () => {
		const stored = s3.keys().map((key) => {
			assert.equal(path.dirname(key), 'posters');
			const { bytes, contentType } = s3.object(key);
			return { fileName: path.basename(key), contentType, bytes };
		});
		compare(stored, posters);
	});
	await e2e.check('SFTP stores the drawn bytes under their name', () => {
		const stored = fs.readdirSync(sftp.folder).map((fileName) => ({
			fileName,
			// A file on a disk has none.
			contentType: MIME_TYPE,
			bytes: fs.readFileSync(path.join(sftp.folder, fileName)),
		}));
		compare(stored, posters);
	});
}

/** Checks what was written down about the images. */
export async function checkBooks(e2e: E2e, { postgres, redis }: Servers, posters: Poster[]) {
	await e2e.check('PostgreSQL takes the whole JSON by automatic mapping', async () => {
		const rows = await postgres.query('select * from posters');
		const expected = posters.map(({ row }) => Object.values(row).map(String));
		assert.deepEqual(rows.sort(), expected.sort());
	});
	await e2e.check('Redis has cost and size', async () => {
		for (const { fileName, cost, size } of posters) {
			const key = `poster:${fileName}`;
			assert.equal(await redis.command('HGET', key, 'cost'), String(cost));
			assert.equal(await redis.command('HGET', key, 'size'), size);
		}
		assert.equal(await redis.command('DBSIZE'), String(posters.length));
	});
}

/** Checks mail and chats. */
export async function checkMessages(e2e: E2e, servers: Servers, posters: Poster[]) {
	const { smtp, telegram, discord, uploads } = servers;
	const each = (forms: ReceivedForm[], field: string, text: (fileName: string) => string[]) => {
		for (const { files, fields } of forms) {
			assert.equal(files.length, 1);
			assert.equal(files[0]?.field, field);
			const told = Object.values(fields).join('\n');
			for (const part of text(files[0].fileName)) assert.ok(told.includes(part), told);
		}
		compare(
			forms.flatMap(({ files }) => files),
			posters,
		);
	};
	await e2e.check('Send Email attaches the image', () => {
		for (const { from, to, subject, attachments } of smtp.mails) {
			assert.deepEqual({ from, to }, { from: MAIL.from, to: [MAIL.to] });
			assert.equal(subject, `New poster ${attachments[0]?.fileName}`);
		}
		compare(
			smtp.mails.flatMap(({ attachments }) => attachments),
			posters,
		);
	});
	await e2e.check('Telegram gets the photo', () => {
		each(telegram.photos, 'photo', (fileName) => [fileName, CHAT_ID]);
	});
	await e2e.check('Discord gets the attachment', () => {
		each(discord.messages, 'files[0]', (fileName) => [`New poster ${fileName}`]);
	});
	await e2e.check('HTTP Request uploads it as multipart', () => {
		each(uploads.forms, 'file', () => [CHANNEL]);
	});
}
