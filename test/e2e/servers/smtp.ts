import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

import { events } from '../../node';

/** A mail as it arrived. */
export interface ReceivedMail {
	/** Addresses of the envelope. */
	from: string;
	to: string[];
	subject: string;
	text: string;
	attachments: Array<{ fileName: string; contentType: string; bytes: Buffer }>;
}

/** An SMTP server of the suite's own. */
export interface Smtp {
	host: string;
	port: number;
	user: string;
	password: string;
	/** In order of arrival. */
	mails: ReceivedMail[];
	stop(): Promise<void>;
}

/** Starts an SMTP server on a free port of 127.0.0.1 that wants its user to log in, without TLS. */
export async function startSmtp(): Promise<Smtp> {
	const user = 'workflow';
	const password = 'workflow-password';
	const mails: ReceivedMail[] = [];
	const server = new SMTPServer({
		disabledCommands: ['STARTTLS'],
		onAuth: ({ username, password: given }, _session, callback) => {
			if (username === user && given === password) callback(null, { user });
			else callback(new Error('Invalid username or password'));
		},
		onData: (stream, session, callback) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				parseMail(Buffer.concat(chunks), session).then((mail) => {
					mails.push(mail);
					callback();
				}, callback);
			});
		},
	});
	server.on('error', () => {
		// A client that goes away is not this server's trouble: the check that misses its mail says so.
	});
	server.listen(0, '127.0.0.1');
	await events.once(server.server, 'listening');
	const address = server.server.address();
	if (address === null || typeof address === 'string') throw new Error('No TCP port');
	return {
		host: '127.0.0.1',
		port: address.port,
		user,
		password,
		mails,
		stop: async () => await new Promise<void>((resolve) => server.close(resolve)),
	};
}

async function parseMail(raw: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
	const mail = await PostalMime.parse(raw);
	return {
		from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
		to: envelope.rcptTo.map(({ address }) => address),
		subject: mail.subject ?? '',
		text: mail.text ?? '',
		attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
			fileName: filename ?? '',
			contentType: mimeType,
			bytes: toBuffer(content),
		})),
	};
}

function toBuffer(content: string | ArrayBuffer | Uint8Array): Buffer {
	if (content instanceof ArrayBuffer) return Buffer.from(content);
	return Buffer.from(content);
}
