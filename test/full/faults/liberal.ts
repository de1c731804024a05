import { head, type Reply } from '../../support/rawServer';
import { rawImages } from './answers';
import type { FaultCase, FaultGroup } from './faultCase';

const base64 = rawImages[1]?.toString('base64') ?? '';

const open = `{"created":1,"data":[{"b64_json":"${base64}"}`;

const json =
	(text: string, isEnd = true): Reply =>
	(socket) => {
		socket.write(head(200, { 'content-type': 'application/json' }) + text);
		if (isEnd) socket.end();
	};

const events =
	(text: string, isEnd = true): Reply =>
	(socket) => {
		socket.write(head(200, { 'content-type': 'text/event-stream' }) + text);
		if (isEnd) socket.end();
	};

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

const bodies: Array<Omit<FaultCase, 'only'>> = [
	{
		name: 'base64 without its closing =, in the letters of URLs',
		reply: json(
			`{"data":[{"b64_json":"${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}"}]}`,
		),
		kind: 'none',
	},
	{
		name: 'base64 whose + became blanks',
		reply: json(`{"data":[{"b64_json":"${base64.slice(0, 99)} ${base64.slice(100)}"}]}`),
		kind: 'answer',
	},
	{
		name: 'half of a picture, in whole base64',
		reply: json(`{"data":[{"b64_json":"${base64.slice(0, 2000)}"}]}`),
		kind: 'answer',
	},
	{ name: 'an empty error beside the image', reply: json(`${open}],"error":{}}`), kind: 'none' },
	{ name: 'deep JSON beside the image', reply: json(`${open}],"x":${deep}}`), kind: 'none' },
	{ name: 'damaged JSON beside the image', reply: json(`${open}],"x":y}}}`), kind: 'none' },
	{ name: 'silence behind the image', reply: json(open, false), kind: 'none' },
	{ name: 'silence behind the answer', reply: json(`${open}]}`, false), kind: 'none' },
	{
		name: 'words of an error with status 200',
		reply: json('{"code":1001,"message":"insufficient balance"}'),
		kind: 'api',
	},
];

const preview = `data: {"type":"image_generation.partial_image","b64_json":"${base64}"`;
const last = `data: {"type":"image_generation.completed","b64_json":"${base64}"`;
const signs = ['data:', 'data: keep-alive', 'data: null', 'event: ping\ndata: []', ': ping'].join(
	'\n\n',
);

const streams: Array<Omit<FaultCase, 'only'>> = [
	{
		name: 'signs of life of every kind',
		reply: events(`${signs}\n\n${last}}\n\n${signs}\n\n`),
		kind: 'none',
	},
	{ name: 'events without a name', reply: events(`${preview}}\n\n${last}}\n\n`), kind: 'none' },
	{
		name: 'lines that end in CR alone',
		reply: events(`${preview}}\n\n${last}}\n\n`.replaceAll('\n', '\r')),
		kind: 'none',
	},
	{
		name: 'an end behind the base64 of a nameless preview',
		reply: events(preview),
		kind: 'interrupted',
	},
	{ name: 'silence behind the last image', reply: events(last, false), kind: 'none' },
];

export const liberalGroup: FaultGroup = {
	title: 'Answers that are odd, and an image in them',
	cases: [
		...bodies.map((one): FaultCase => ({ ...one, only: ['default', 'memory store'] })),
		...streams.map((one): FaultCase => ({ ...one, only: ['keep alive'] })),
	],
};
