import type { INodeExecutionData } from 'n8n-workflow';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { billingOf } from '../../nodes/GptImage/openai/retry/billing';
import { retryDecision } from '../../nodes/GptImage/openai/retry/retryDecision';
import { runNode } from '../harness';
import { turns } from '../support/events';
import { asSaved, membersOf } from '../support/parameters';
import { picture } from '../support/pictures';
import { head, startRawServer, type Reply } from '../support/rawServer';
import { read } from '../support/sources';

/** One low image of 1024x1024 pixels by the estimate, in USD, and by the usage of the answers below. */
const EACH = 0.00589;

const usage = {
	input_tokens: 2,
	input_tokens_details: { text_tokens: 2, image_tokens: 0 },
	output_tokens: 196,
};

let png: string;
beforeAll(async () => {
	png = (await picture('png')).bytes.toString('base64');
});
afterEach(() => jest.restoreAllMocks());

const send =
	(status: number, body: string, headers: Record<string, string> = {}): Reply =>
	(socket) => {
		socket.end(head(status, { 'content-length': Buffer.byteLength(body), ...headers }) + body);
	};
const error = (status: number, code: string, message: string, headers = {}): Reply =>
	send(status, JSON.stringify({ error: { message, code } }), headers);
const good: Reply = (socket) =>
	void send(200, JSON.stringify({ data: [{ b64_json: png }], usage }))(socket);
const reset: Reply = (socket) => void socket.resetAndDestroy();

/** The node's clock stands that much later when the answer comes. */
const late =
	(reply: Reply): Reply =>
	(socket) => {
		const now = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => now() + 11_000);
		return reply(socket);
	};

const events = (...all: object[]) =>
	send(200, all.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''), {
		'content-type': 'text/event-stream',
	});

/** What the server does to the first request, for each row of the table: one way or several. */
const HAPPENED: Record<string, Reply[]> = {
	'All images came': [good],
	'A preview came, then an error': [
		(socket) =>
			void events(
				{ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: png },
				{ type: 'error', error: { code: 'server_error', message: 'Lost' } },
			)(socket),
	],
	'The API refused the request: key, model, value, picture, safety, credit': [
		error(401, 'invalid_api_key', 'Incorrect API key'),
		error(404, 'model_not_found', 'The model does not exist'),
		error(400, 'invalid_value', 'Invalid value'),
		error(400, 'invalid_image_file', 'Invalid image file'),
		error(400, 'moderation_blocked', 'Rejected by the safety system'),
		error(429, 'insufficient_quota', 'You exceeded your current quota', {
			'x-should-retry': 'true',
		}),
		late(error(400, 'moderation_blocked', 'Rejected by the safety system')),
	],
	'The API said that it is too fast (429)': [
		error(429, 'rate_limit_exceeded', 'Rate limit reached', { 'retry-after-ms': '1' }),
		late(error(429, 'rate_limit_exceeded', 'Rate limit reached', { 'retry-after-ms': '1' })),
	],
	'The API reported a fault of its own within 10 seconds': [
		error(500, 'server_error', 'The server had an error', { 'retry-after-ms': '1' }),
		error(503, 'server_is_overloaded', 'Overloaded', { 'retry-after-ms': '1' }),
	],
	'A proxy answered with a page, or a gateway said that it gave up, within 10 seconds': [
		send(502, '<html><title>502 Bad Gateway</title></html>', { 'retry-after-ms': '1' }),
		send(504, '', { 'retry-after-ms': '1' }),
	],
	'A fault or a page in any form came later than 10 seconds': [
		late(error(500, 'server_error', 'The server had an error')),
		late(error(503, 'server_is_overloaded', 'Overloaded', { 'x-should-retry': 'true' })),
		late(error(504, '504', 'upstream request timeout')),
		late(error(408, '408', 'litellm.Timeout: Request timed out.')),
		late(send(408, '')),
		late(send(409, '<html>409</html>')),
		late(send(524, '<html>524</html>')),
		late(send(520, 'error code: 520')),
	],
	'The answer was well (200) and stated an error within 10 seconds': [
		error(200, 'server_error', 'The server had an error'),
	],
	'The answer was well (200) and stated a time-out later than 10 seconds': [
		late(error(200, 'timeout', 'upstream timed out')),
		late(error(200, 'server_error', 'The server had an error')),
	],
	'The connection broke without an answer within 10 seconds': [reset],
	'The connection broke without an answer later than 10 seconds': [late(reset)],
	'The answer began and broke off': [
		(socket) => {
			socket.write(head(200, { 'content-length': 1000 }) + '{"created":1,');
			void turns(1).then(() => socket.resetAndDestroy());
		},
		(socket) => void send(200, `{"data":[{"b64_json":"${png.slice(0, 40)}`)(socket),
	],
	'The answer is not one of the Images API': [
		send(200, '<html>Welcome</html>'),
		send(200, '{"hello":"world"}'),
		send(200, '{"data":[{"url":"https://example.com/image.png"}]}'),
	],
	'The Base URL leads to another address': [send(307, '', { location: 'https://example.com/' })],
};

/** Rows that no server can play. */
const ELSEWHERE = ['An image came that n8n could not store', 'No connection was made'];

const rows = read('docs/cost-and-budget.md')
	.split('\n')
	.filter((line) => line.startsWith('| '))
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.map(([, happened = '', billed = '', again = '', booked = '']) => ({
		happened,
		billed,
		again,
		booked,
	}))
	.filter(({ happened }) => happened !== 'What happened' && !happened.startsWith('---'));

const isMade = ({ binary }: INodeExecutionData) => binary !== undefined;

/** Runs four items one after the other with money for two and a half; the first meets the fault. */
async function meet(fault: Reply) {
	let requests = 0;
	const server = await startRawServer((socket) =>
		requests++ === 0 ? fault(socket) : good(socket),
	);
	const { items } = await runNode({
		credentials: { apiKey: 'sk-simulator', baseUrl: server.url },
		parameters: asSaved({
			prompt: 'a fox',
			size: '1024x1024',
			quality: 'low',
			options: { maxCost: 2.5 * EACH, requestsInParallel: 1, maxRetries: 1 },
		}),
		items: Array.from({ length: 4 }, () => ({ json: {} })),
		node: { onError: 'continueRegularOutput' },
	});
	await server.close();
	const of = (item: number) =>
		items.filter(({ pairedItem }) => JSON.stringify(pairedItem) === `{"item":${item}}`);
	const later = [1, 2, 3].flatMap(of).filter(isMade).length;
	const first = of(0);
	const askedAgain = requests - later > 1;
	return { first, askedAgain, isBooked: 2 - later - (askedAgain ? 1 : 0) === 1 };
}

describe('the table of what may be billed', () => {
	it('has every row that is tested, and no other', () => {
		expect(rows.map(({ happened }) => happened).sort()).toEqual(
			[...Object.keys(HAPPENED), ...ELSEWHERE].sort(),
		);
	});

	const faults = rows.flatMap((row) =>
		(HAPPENED[row.happened] ?? []).map((fault, way) => ({ ...row, fault, way })),
	);
	it.each(faults)('$happened (way $way)', async ({ billed, again, booked, fault }) => {
		const seen = await meet(fault);
		expect({
			again: seen.askedAgain ? 'yes' : 'no',
			booked: seen.isBooked ? 'yes' : 'no',
		}).toEqual({ again, booked });
		const failed = seen.first.find(({ json }) => json.error !== undefined);
		if (failed) {
			const { mayBeBilled = false } = membersOf(failed.json.details);
			expect(mayBeBilled).toBe(billed === 'maybe' || billed === 'yes');
		}
	});

	it('is right about a connection that was never made', () => {
		const failure = new RequestFailure({ kind: 'connection', reason: '', code: 'ECONNREFUSED' });
		const billing = billingOf({ failure, hasAnswer: false, hasImage: false, sentMs: 60_000 });
		expect(billing).toBe('no');
		expect(retryDecision(failure, billing, 0, 0).retry).toBe(true);
	});

	it('is right about an image that n8n could not store', () => {
		const failure = new RequestFailure({ kind: 'store', reason: 'No space left' });
		const billing = billingOf({ failure, hasAnswer: true, hasImage: true, sentMs: 0 });
		expect(billing).toBe('yes');
		expect(retryDecision(failure, billing, 0, 0).retry).toBe(false);
	});
});
