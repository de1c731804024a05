import type { Garbage } from '../../simulator';
import { alike, type FaultCase, type FaultGroup, type Kind } from './faultCase';
import { head, writeEndlessly, type Reply } from '../../support/rawServer';
import { withChunk } from '../../support/madePictures';
import { LARGE_IMAGE } from './store';

const GARBAGE: Array<[Garbage, string, Kind]> = [
	['html', 'a web page with status 200', 'answer'],
	['empty', 'an empty answer', 'answer'],
	['notJson', 'text that is no JSON', 'interrupted'],
	['badBase64', 'damaged base64', 'answer'],
	['wrongMagic', 'bytes that are no picture', 'answer'],
	['urlOnly', 'a link in place of the image', 'answer'],
	['emptyData', 'an empty list of images', 'answer'],
	['badGzip', 'damaged gzip', 'interrupted'],
];

/** More than any answer of the Images API has beside its images. */
const NOTHING = Buffer.from('"nothing",'.repeat(10_000));

const endless =
	(status: number, type: string, start: string, bytes: Buffer): Reply =>
	async (socket) => {
		socket.write(head(status, { 'content-type': type }) + start);
		await writeEndlessly(socket, bytes);
	};

const large: FaultCase[] = [
	{
		name: '8 MB of JSON without an image',
		reply: (socket) => {
			socket.write(`${head(200, { 'content-type': 'application/json' })}{"list":[`);
			for (let count = 0; count < 80; count++) socket.write(NOTHING);
			socket.end('"end"]}');
		},
		kind: 'answer',
	},
	{
		name: 'JSON without end',
		reply: endless(200, 'application/json', '{"list":[', NOTHING),
		kind: 'answer',
	},
	{
		name: 'white space without end',
		reply: endless(200, 'application/json', '', Buffer.alloc(65_536, ' ')),
		options: { timeout: 0.2 },
		kind: 'timeout',
	},
	{
		name: 'an event without end',
		reply: endless(200, 'text/event-stream', 'data: {"list":[', NOTHING),
		kind: 'answer',
	},
	{
		name: 'an error body without end',
		reply: endless(400, 'application/json', '{"error":{"message":"', Buffer.alloc(65_536, 'x')),
		kind: 'api',
	},
	{
		name: 'a web page without end, status 404',
		reply: endless(404, 'text/html', '<html>', Buffer.alloc(65_536, 'x')),
		kind: 'api',
	},
];

export const answerGroup: FaultGroup = {
	title: 'Answers that are none of the Images API',
	cases: alike([
		...GARBAGE.map(([garbage, name, kind]): FaultCase => ({ name, fault: { garbage }, kind })),
		{
			name: 'a web page with status 200 that falls silent',
			fault: { status: 200, body: '<html></html>', stallAfterBytes: 6 },
			kind: 'answer',
		},
		{
			name: 'gzip that breaks off',
			fault: { encoding: 'gzip', truncateAfterBytes: 2000 },
			kind: 'interrupted',
		},
		{ name: 'an error with status 200', fault: { status: 200 }, kind: 'api', requests: 2 },
		...large,
	]),
};

const SERVER_FAULT = '{"type":"error","error":{"type":"server_error","code":"server_error"}}';

export const streamGroup: FaultGroup = {
	title: 'Streams of events',
	cases: [
		{
			name: 'a server fault as the first event',
			reply: (socket) =>
				void socket.end(
					`${head(200, { 'content-type': 'text/event-stream' })}event: error\ndata: ${SERVER_FAULT}\n\n`,
				),
			only: ['keep alive'],
			kind: 'api',
			requests: 2,
		},
		{
			name: 'a server fault after previews, which are paid for',
			fault: { errorEvent: 'server_error' },
			only: ['keep alive'],
			kind: 'api',
		},
		{
			name: 'a refusal event',
			fault: { errorEvent: 'moderation_blocked' },
			only: ['keep alive'],
			kind: 'api',
		},
		{
			name: 'no last event',
			fault: { omitCompleted: true },
			only: ['keep alive'],
			kind: 'interrupted',
		},
		{
			name: 'an end in the event of a preview that is kept',
			fault: { truncateAfterBytes: 4150 },
			options: { keepPartialImages: true },
			only: ['keep alive'],
			kind: 'interrupted',
		},
		{ name: 'a closing [DONE]', fault: { done: true }, only: ['keep alive'], kind: 'none' },
	],
};

/** One pixel. */
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

/** A large and a small image. */
export const rawImages = [LARGE_IMAGE, 3000].map((bytes) =>
	withChunk(PNG, 'prVt', Buffer.alloc(bytes, 7)),
);

const oneOfTwo = {
	name: 'no room for the first image, but for the second',
	reply: (socket) => {
		const data = rawImages.map((image) => ({ b64_json: image.toString('base64') }));
		const body = JSON.stringify({ created: 1, data });
		const headers = { 'content-type': 'application/json', 'content-length': body.length };
		socket.end(head(200, headers) + body);
	},
	store: 'smallDisk',
	storable: 1,
} satisfies Partial<FaultCase>;

export const storeGroup: FaultGroup = {
	title: "n8n's binary store",
	cases: [
		{
			name: 'a file where the folder should be',
			store: 'fileInPlaceOfFolder',
			only: ['default', 'keep alive', 'n = 3'],
			kind: 'store',
		},
		{
			name: 'no room for more than a part of the image',
			store: 'smallDisk',
			only: ['default', 'keep alive', 'n = 3'],
			kind: 'store',
		},
		{ ...oneOfTwo, only: ['n = 3'], kind: 'store' },
		{
			...oneOfTwo,
			name: 'no room for the first of two images where one was asked for',
			only: ['default', 'keep alive'],
			kind: 'none',
		},
	],
};

export const redirectGroup = (otherHost: string): FaultGroup => ({
	title: 'Redirects',
	cases: alike([
		...[301, 302, 303, 307, 308].map(
			(status): FaultCase => ({
				name: `${status} to another host`,
				fault: { status, redirect: `${otherHost}/images/generations?token=secret` },
				kind: 'redirect',
			}),
		),
		{
			name: 'a redirect to itself',
			fault: { redirect: '/v1/images/generations', times: Infinity },
			kind: 'redirect',
		},
		{
			name: 'a redirect that falls silent',
			reply: (socket) =>
				void socket.write(head(307, { location: `${otherHost}/images`, 'content-length': 9 })),
			kind: 'redirect',
		},
		{
			name: '304',
			fault: { status: 304, body: '' },
			kind: 'redirect',
		},
	]),
});
