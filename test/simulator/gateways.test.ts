import OpenAI, { APIError } from 'openai';

import { events, http } from '../node';
import { GATEWAY_NAMES, gatewayFaults, startSimulator, TROUBLES, type Simulator } from './index';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
	simulator = await startSimulator({ today: '2026-11-22', draw: 'noise', imageBytes: 50_000 });
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.url, maxRetries: 0 });
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const request = { model: 'gpt-image-2', prompt: 'Fox', quality: 'low' } as const;

/** Asks without `fetch`, which takes a 407 for a broken connection. */
async function ask(): Promise<{ status?: number; type?: string; text: string }> {
	const sent = http.request(`${simulator.url}/images/generations`, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator', 'content-type': 'application/json' },
	});
	sent.end(JSON.stringify(request));
	const [response]: unknown[] = await events.once(sent, 'response');
	if (!(response instanceof http.IncomingMessage)) throw new TypeError('no response');
	let text = '';
	for await (const piece of response.setEncoding('utf8')) text += String(piece);
	return { status: response.statusCode, type: response.headers['content-type'], text };
}

describe.each(GATEWAY_NAMES)('%s', (name) => {
	it.each(TROUBLES)('tells of %s', async (trouble) => {
		const played = gatewayFaults(name, trouble);
		expect(played.length).toBeGreaterThan(0);
		for (const { fault, answer } of played) {
			simulator.misbehave(fault);
			const { status, type, text } = await ask();
			expect(status).toBe(answer.status);
			if (typeof answer.body === 'string') {
				expect(text).toBe(answer.body);
				expect(type).toMatch(text.startsWith('<') ? /^text\/html/ : /^text\/plain/);
			} else {
				expect(JSON.parse(text)).toEqual(answer.body);
				expect(type).toBe('application/json');
			}
			// Quotes within quoted JSON are escaped once more.
			const found = JSON.stringify(text).replaceAll('\\', '');
			if (answer.words !== undefined) {
				expect(found).toContain(JSON.stringify(answer.words).slice(1, -1).replaceAll('\\', ''));
			}
		}
		expect(simulator.paid).toEqual([]);
	});

	it('fails the official client with a status', async () => {
		for (const { fault, answer } of TROUBLES.flatMap((trouble) => gatewayFaults(name, trouble))) {
			if (answer.status < 400 || answer.status === 407) continue;
			simulator.misbehave(fault);
			const error: unknown = await client.images.generate(request).then(
				() => 'It succeeded.',
				(failure: unknown) => failure,
			);
			expect(error).toBeInstanceOf(APIError);
			expect(error).toMatchObject({ status: answer.status });
		}
	});

	it('hands images on in a form the official client reads', async () => {
		simulator.misbehave({ as: name });
		const { data } = await client.images.generate({ ...request, n: 2 });
		const bytes = (data ?? []).map(({ b64_json: text }) => Buffer.from(text ?? '', 'base64'));
		expect(bytes.map(({ length }) => length)).toEqual([50_000, 50_000]);
		expect(simulator.stats().imagesPaid).toBe(2);
	});
});
