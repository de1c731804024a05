import { assert, crypto } from '../../node';
import type { E2e, Part } from '../part';
import type { Rig } from '../rig';
import { gptImage, respondWithImage, webhook as webhookNode, workflow } from '../workflows';

const CALLS = 50;
const API_MS = 5000;

/** A webhook that generates an image and answers with it. */
export const webhook: Part = {
	name: 'webhook',
	run: async (e2e) => {
		const rig = await e2e.rig();
		const created = await rig.rest.createWorkflow(generating(rig));
		await rig.rest.activate(created);
		e2e.defer(async () => await rig.rest.deactivate(created));
		rig.simulator.reset();
		await e2e.check('one call is answered with the bytes that were drawn', async () => {
			await comparesTo(rig, await call(rig, 'A lighthouse at dawn'));
		});
		rig.simulator.reset();
		await e2e.check(`${CALLS} calls at once are each answered with the image of its prompt`, () =>
			allAtOnce(e2e, rig),
		);
	},
};

function generating({ credential }: Rig) {
	const generate = gptImage('Generate Image', credential, {
		operation: 'generate',
		prompt: '={{ $json.body.prompt }}',
		outputOptions: { fileName: '={{ $json.body.name }}' },
	});
	return workflow('Webhook: generate', [webhookNode('generate'), generate, respondWithImage()]);
}

/** What a client got. */
interface Answered {
	prompt: string;
	response: Response;
	bytes: Buffer;
}

/** Sends a prompt to the webhook. */
async function call({ n8n }: Rig, prompt: string): Promise<Answered> {
	const response = await fetch(`${n8n.url}/webhook/generate`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ prompt, name: nameFor(prompt) }),
	});
	const bytes = Buffer.from(await response.arrayBuffer());
	return { prompt, response, bytes };
}

const nameFor = (prompt: string) => prompt.toLowerCase().replaceAll(' ', '-');

/** The answer is what the simulator drew for the prompt, with type, length and name of the file. */
async function comparesTo({ simulator }: Rig, { prompt, response, bytes }: Answered) {
	assert.equal(response.status, 200, bytes.toString('utf8', 0, 500));
	const drawn = simulator.images.filter((image) => image.prompt === prompt);
	assert.equal(drawn.length, 1, `images drawn for "${prompt}"`);
	assert.equal(crypto.createHash('sha256').update(bytes).digest('hex'), drawn[0]?.sha256);
	assert.equal(response.headers.get('content-type'), 'image/png');
	assert.equal(
		response.headers.get('content-disposition'),
		`attachment; filename="${nameFor(prompt)}.png"`,
	);
}

async function allAtOnce(e2e: E2e, rig: Rig): Promise<void> {
	const prompts = Array.from({ length: CALLS }, (_, index) => `Picture number ${index + 1}`);
	// So long that all are under way before the first is answered.
	rig.simulator.misbehave({ times: CALLS, delayMs: API_MS });
	const start = Date.now();
	const answers = await Promise.all(prompts.map(async (prompt) => await call(rig, prompt)));
	const seconds = ((Date.now() - start) / 1000).toFixed(1);
	for (const answer of answers) await comparesTo(rig, answer);
	assert.equal(new Set(rig.simulator.images.map(({ sha256 }) => sha256)).size, CALLS);
	assert.equal(rig.simulator.stats().imageRequests, CALLS);
	e2e.note(`${CALLS} calls at once, ${API_MS / 1000} s each at the API: all in ${seconds} s`);
	e2e.note(`${rig.simulator.stats().maxConcurrent} requests to the API at once`);
}
