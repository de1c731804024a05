import { assert } from '../../node';
import { itemsOf, type CreatedWorkflow } from '../workflows';
import { hashOf } from './agentChat';
import type { Scene } from './examplesScene';

/** The one API that the examples name by its address. */
const GRAPH = 'https://graph.facebook.com/';

/** An image is posted by its link. */
export async function posts(scene: Scene): Promise<void> {
	const { e2e, rig, social } = scene;
	const name = 'social-public-link';
	const example = await scene.read(name);
	let moved = 0;
	const nodes = example.nodes.map((node) => {
		const { url } = node.parameters;
		if (typeof url !== 'string' || !url.startsWith(GRAPH)) return node;
		moved += 1;
		const parameters = { ...node.parameters, url: url.replace(GRAPH, `${social.url}/`) };
		return { ...node, parameters };
	});
	assert.equal(moved, 1);
	const workflow = await rig.rest.createWorkflow({ ...example, nodes });
	await e2e.check(`${name}: the service loads the image from n8n and posts it`, async () => {
		const execution = await scene.run(workflow, 'Every Morning');
		assert.equal(execution.status, 'success');
		const day = String(itemsOf(execution, 'Every Morning')[0]?.json['Day of week']);
		assert.deepEqual(
			social.posts.map(({ caption, contentType, bytes }) => [caption, contentType, hashOf(bytes)]),
			rig.simulator.images.map(({ sha256 }) => [
				...[`Happy ${day}! #breakfast`, 'image/jpeg', sha256],
			]),
		);
		assert.equal(social.posts.length, 1);
		assert.ok(rig.simulator.images[0]?.prompt.includes(day));
	});
	await e2e.check(`${name}: it publishes again, but makes the image once`, () => {
		assert.equal(social.early, 1);
		assert.equal(rig.simulator.stats().imageRequests, 1);
	});
}

/** A webhook that answers with the image, or with the reason. */
export async function webhooks(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	for (const [name, path] of [
		['webhook-generate', 'generate-image'],
		['webhook-with-error-answer', 'image-or-reason'],
	] as const) {
		const workflow = await scene.import(name);
		await scene.published(workflow, async () => {
			rig.simulator.reset();
			await e2e.check(`${name}: it answers with the image`, async () => {
				const response = await ask(scene, path, { prompt: 'A red bicycle' });
				assert.equal(response.status, 200);
				assert.equal(response.headers.get('content-type'), 'image/png');
				const bytes = Buffer.from(await response.arrayBuffer());
				const drawn = rig.simulator.images.map(({ prompt, sha256 }) => [prompt, sha256]);
				assert.deepEqual(drawn, [['A red bicycle', hashOf(bytes)]]);
			});
			if (name === 'webhook-with-error-answer') await reasons(scene, workflow, path);
		});
	}
}

async function reasons(scene: Scene, workflow: CreatedWorkflow, path: string): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'webhook-with-error-answer';
	const answered = async (body: object) => {
		let response: Response | undefined;
		const { status } = await scene.executionOf(workflow, async () => {
			response = await ask(scene, path, body);
		});
		assert.equal(status, 'success');
		assert.ok(response);
		const told: unknown = await response.json();
		const { message, remedy, code } = Object(told);
		assert.deepEqual(told, { message, remedy, code });
		return { status: response.status, message, remedy, code };
	};
	await e2e.check(`${name}: a refused prompt is answered with reason and remedy`, async () => {
		rig.simulator.misbehave({ code: 'moderation_blocked' });
		const { status, message, remedy, code } = await answered({ prompt: 'A fight' });
		assert.deepEqual([status, code], [422, 'moderation_blocked']);
		assert.equal(message, 'The safety system refused the prompt or an image (violence)');
		assert.match(remedy, /^Change the prompt/);
	});
	await e2e.check(`${name}: a fault of the API is answered with 503`, async () => {
		rig.simulator.misbehave({ status: 500, times: Infinity, retryAfterMs: 10 });
		const { status, message, remedy } = await answered({ prompt: 'A red bicycle' });
		assert.equal(status, 503);
		assert.equal(message, 'The API had a fault of its own');
		assert.equal(typeof remedy, 'string');
	});
	await e2e.check(`${name}: a request without a prompt costs nothing`, async () => {
		rig.simulator.reset();
		const { status, message, remedy, code } = await answered({ text: 'A red bicycle' });
		assert.deepEqual([status, code], [422, 'invalid_field']);
		assert.match(message, /^Prompt /);
		assert.equal(typeof remedy, 'string');
		assert.equal(rig.simulator.requests.length, 0);
	});
}

async function ask({ rig }: Scene, path: string, body: object): Promise<Response> {
	return await fetch(`${rig.n8n.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
}
