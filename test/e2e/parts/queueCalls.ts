import { assert, crypto } from '../../node';
import type { Simulator } from '../../simulator';
import type { N8n } from '../server';

/**
 * Calls the webhook with each prompt, so many at once. Each answer is what was drawn, and nothing was
 * drawn twice.
 */
export async function allAnswered(
	main: N8n,
	simulator: Simulator,
	prompts: string[],
	clients: number,
	onAnswer?: () => void,
): Promise<void> {
	const left = [...prompts];
	const answers: Array<{ prompt: string; status: number; sha256: string; type: string | null }> =
		[];
	const client = async () => {
		for (let prompt = left.shift(); prompt !== undefined; prompt = left.shift()) {
			const response = await fetch(`${main.url}/webhook/queue`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ prompt }),
			});
			const bytes = Buffer.from(await response.arrayBuffer());
			const sha256 = crypto.createHash('sha256').update(bytes).digest('hex');
			const { status, headers } = response;
			answers.push({ prompt, status, sha256, type: headers.get('content-type') });
			onAnswer?.();
		}
	};
	await Promise.all(Array.from({ length: clients }, client));
	const type = 'image/png';
	const expected = prompts.map((prompt) => {
		const drawn = simulator.images.filter((image) => image.prompt === prompt);
		return { prompt, status: 200, sha256: drawn.map((image) => image.sha256).join(' '), type };
	});
	const inOrder = (one: { prompt: string }, other: { prompt: string }) =>
		prompts.indexOf(one.prompt) - prompts.indexOf(other.prompt);
	assert.deepEqual(answers.sort(inOrder), expected);
	assert.equal(simulator.stats().imageRequests, prompts.length);
}
