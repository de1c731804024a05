import { alike, type FaultCase, type FaultGroup } from './faultCase';
import { turns } from '../../support/events';
import { head, writeEndlessly } from '../../support/rawServer';

const json = { 'content-type': 'application/json' };

const unreachable: FaultCase[] = [
	{ name: 'closed port', target: 'closedPort', kind: 'connection', requests: 0 },
	{ name: 'unknown host', target: 'unknownHost', kind: 'connection', requests: 0 },
	{ name: 'TLS to a server without', target: 'https', kind: 'connection', requests: 0 },
];

const beforeTheAnswer: FaultCase[] = [
	{
		name: 'reset before the headers',
		fault: { resetAfterBytes: -1 },
		kind: 'connection',
		requests: 2,
	},
	{
		name: 'reset before the request was read',
		fault: { resetAfterBytes: -1, early: true },
		kind: 'connection',
		requests: 2,
	},
	{
		name: 'reset in the headers',
		fault: { resetAfterBytes: 'headers' },
		kind: 'connection',
		requests: 2,
	},
	{
		name: 'half closed before the headers',
		reply: (socket) => void socket.end(),
		kind: 'connection',
		requests: 2,
	},
	{
		name: 'half closed in the headers',
		reply: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
		kind: 'connection',
		requests: 2,
	},
	{
		name: 'silence before the headers',
		fault: { delayMs: 60_000 },
		options: { timeout: 0.2 },
		kind: 'timeout',
	},
	{
		name: 'silence in the headers',
		reply: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-ty'),
		options: { timeout: 0.2 },
		kind: 'timeout',
	},
	{
		name: 'something that is not HTTP',
		reply: (socket) => void socket.end('220 mail.example.com ESMTP\r\n'),
		kind: 'connection',
	},
	{
		name: 'headers without end',
		reply: async (socket) => {
			socket.write('HTTP/1.1 200 OK\r\n');
			await writeEndlessly(socket, Buffer.from(`x-noise: ${'n'.repeat(4000)}\r\n`));
		},
		kind: 'connection',
	},
];

const inTheAnswer = [0, 10, 2000, 4500, 9000, 1_000_000].flatMap((bytes): FaultCase[] => {
	const place = bytes === 1_000_000 ? 'behind the last byte' : `after ${bytes} bytes`;
	const cases: FaultCase[] = [
		{ name: `reset ${place}`, fault: { resetAfterBytes: bytes }, kind: 'interrupted' },
		{
			name: `end ${place}`,
			fault: { truncateAfterBytes: bytes },
			kind: bytes === 0 ? 'answer' : 'interrupted',
		},
		{
			name: `silence ${place}`,
			fault: { stallAfterBytes: bytes },
			options: { idleTimeout: 0.15 },
			kind: 'timeout',
		},
	];
	// Before the first image is there.
	return bytes <= 2000 ? alike(cases) : cases;
});

const lengths: FaultCase[] = [
	{ name: 'Content-Length too large', fault: { wrongContentLength: 50 }, kind: 'none' },
	{ name: 'Content-Length too small', fault: { wrongContentLength: -50 }, kind: 'interrupted' },
];

const broken: FaultCase[] = [
	{
		name: 'half closed in a body of known length',
		reply: (socket) =>
			void socket.end(`${head(200, { ...json, 'content-length': 500 })}{"created": 1, "da`),
		kind: 'interrupted',
	},
	{
		name: 'a broken chunk length',
		reply: (socket) =>
			void socket.end(`${head(200, { ...json, 'transfer-encoding': 'chunked' })}zz\r\n{"created"`),
		kind: 'interrupted',
	},
	{
		name: 'a trickle, slower than Timeout',
		reply: async (socket) => {
			socket.write(`${head(200, json)}{"data":[{"b64_json":"`);
			// As many turns of the loop as the time-out twice: it is counted in turns, too.
			for (let turn = 0; turn < 400 && !socket.destroyed; turn++) {
				socket.write('A');
				await turns(1);
			}
			socket.end();
		},
		options: { timeout: 0.2 },
		kind: 'timeout',
	},
];

export const connectionGroup: FaultGroup = {
	title: 'Connections',
	cases: [
		...alike([...unreachable, ...beforeTheAnswer]),
		...inTheAnswer,
		...lengths,
		...alike(broken),
	],
};
