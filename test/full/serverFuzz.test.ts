import fc from 'fast-check';
import type { INodeExecutionData } from 'n8n-workflow';
import { readBinary, runNode, useBinaryMode } from '../harness';
import { nextTurn, crypto, http, process } from '../node';
import { close, listen } from '../support/loopback';
import { errorAnswer, CANARY, PROMPT, serverAnswer, type ServerAnswer } from './fuzz/serverAnswers';
import { startFigures } from './fuzz/figures';

/** How many of each; a long run has them from the environment. */
const count = (name: string, usual: number) => Number(process.env[name] ?? usual);

/** Items of one run of the node. */
const ITEMS = 25;

/** Answers the request whose prompt ends in `#3` with the fourth answer. */
async function startServer(answers: ServerAnswer[]) {
	const requests = answers.map(() => 0);
	const server = http.createServer((request, response) => {
		let text = '';
		request.on('data', (chunk) => (text += String(chunk)));
		request.on('end', () => void send(Number(/#(\d+)"/.exec(text)?.[1]), response));
	});
	const send = async (index: number, response: InstanceType<typeof http.ServerResponse>) => {
		const answer = answers[index];
		if (!answer) return response.destroy();
		requests[index] = (requests[index] ?? 0) + 1;
		response.on('error', () => {});
		response.writeHead(answer.status, answer.headers);
		for (let at = 0, turn = 0; at < answer.body.length; turn++) {
			// A body in a hundred thousand pieces would take hours, and tell no more.
			const least = Math.ceil(answer.body.length / 300);
			const length = Math.max(least, answer.cuts[turn % answer.cuts.length] ?? 1);
			response.write(answer.body.subarray(at, at + length));
			at += length;
			await nextTurn();
		}
		response.end();
	};
	const port = await listen(server);
	return { url: `http://127.0.0.1:${port}/v1`, requests, close: async () => await close(server) };
}

interface Setting {
	n: number;
	isStreamed: boolean;
}

async function run(answers: ServerAnswer[], { n, isStreamed }: Setting) {
	const server = await startServer(answers);
	try {
		const { items, hints } = await runNode({
			parameters: {
				prompt: `=${PROMPT} #{{ $json.index }}`,
				n,
				simplify: false,
				options: {
					maxRetries: 0,
					timeout: 60,
					requestsInParallel: 8,
					imagesPerRequest: n,
					...(isStreamed && { keepAlive: true }),
				},
			},
			items: answers.map((_, index) => ({ json: { index } })),
			credentials: { apiKey: CANARY, baseUrl: server.url },
			node: { onError: 'continueRegularOutput' },
		});
		return { items, said: JSON.stringify([items, hints]), requests: server.requests };
	} finally {
		await server.close();
	}
}

const hashesOf = async (items: INodeExecutionData[]) =>
	await Promise.all(
		items
			.flatMap(({ binary = {} }) => Object.values(binary))
			.map(async (file) =>
				crypto
					.createHash('sha256')
					.update(await readBinary(file))
					.digest('hex'),
			),
	);

/** Letters and digits of the key, however it is written. */
const letters = (text: string) => text.toLowerCase().replace(/[^a-z\d]/g, '');

function expectNoSecret(said: string) {
	const withoutImages = said.replace(/"data":"[A-Za-z\d+/=]{40,}"/g, '');
	expect(letters(withoutImages)).not.toContain(letters(CANARY));
	expect(withoutImages).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, -2));
}

/** Without the counterexample, which is megabytes of bytes: the error that it caused tells what matters of it. */
function reporter<Values>(details: fc.RunDetails<Values>) {
	const { failed, seed, counterexamplePath, errorInstance } = details;
	if (!failed) return;
	throw new Error(`Seed ${seed}, path ${counterexamplePath ?? ''}: ${String(errorInstance)}`);
}

const setting = fc.record({ n: fc.integer({ min: 1, max: 3 }), isStreamed: fc.boolean() });

const itemsOf = (items: INodeExecutionData[], index: number) =>
	items.filter(({ pairedItem }) => JSON.stringify(pairedItem) === JSON.stringify({ item: index }));

beforeAll(async () => await useBinaryMode('memory'));
afterAll(async () => await useBinaryMode('filesystem'));

it('answers of every kind: whole images come out, others never, and no secret', async () => {
	await run(fc.sample(serverAnswer, ITEMS), { n: 1, isStreamed: false });
	const figures = startFigures();
	const runs = Math.ceil(count('FUZZ_ANSWERS', 1000) / ITEMS);
	const answers = fc.array(serverAnswer, { minLength: ITEMS, maxLength: ITEMS });
	await fc.assert(
		fc.asyncProperty(answers, setting, async (sent, { n, isStreamed }) => {
			// A stream is of one image.
			const wanted = isStreamed ? 1 : n;
			const { items, said } = await run(sent, { n: wanted, isStreamed });
			expectNoSecret(said);
			for (const [index, { must, may }] of sent.entries()) {
				const own = itemsOf(items, index);
				expect(own.length).toBeGreaterThan(0);
				const came = await hashesOf(own);
				const strange = came.filter((hash) => !may.includes(hash));
				const missing = Math.max(0, Math.min(must.length, wanted) - came.length);
				const twice = came.length - new Set(came).size;
				// What was sent, without the middle of long texts, to be read beside what came.
				const body = sent[index]?.body
					.toString('latin1')
					.replace(/([^"]{30})[^"]{50,}([^"]{9})/g, '$1…$2');
				const facts = { strange, missing, twice, body, json: own.map(({ json }) => json) };
				if (strange.length + missing + twice > 0) throw new Error(JSON.stringify(facts, null, 1));
				figures.count(
					came.length,
					own.some(({ json }) => json.error !== undefined),
				);
			}
		}),
		{ numRuns: runs, endOnFailure: true, reporter },
	);
	figures.report('answers');
});

it('errors of every kind: one request, one error, bounded words, no secret', async () => {
	const figures = startFigures();
	const runs = Math.ceil(count('FUZZ_ERRORS', 500) / ITEMS);
	const answers = fc.array(errorAnswer, { minLength: ITEMS, maxLength: ITEMS });
	await fc.assert(
		fc.asyncProperty(answers, async (sent) => {
			const { items, said, requests } = await run(sent, { n: 1, isStreamed: false });
			expectNoSecret(said);
			// A rate limit that is too long to wait for is told to the items behind it, too.
			expect(Math.max(...requests)).toBe(1);
			for (const index of sent.keys()) {
				const own = itemsOf(items, index);
				expect(own).toEqual([
					expect.objectContaining({
						json: { error: expect.any(String), details: expect.any(Object) },
					}),
				]);
				const text = JSON.stringify(own);
				expect(text.length).toBeLessThan(6000);
				expect(text).not.toMatch(/\[object |undefined|Maximum call stack|is not a function/);
				figures.count(0, true);
			}
		}),
		{ numRuns: runs, endOnFailure: true, reporter },
	);
	figures.report('errors');
});
