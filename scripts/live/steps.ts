import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../../test/harness';
import { imagesFrom, modelById } from '../../test/support/parameters';
import { picture, storeFiles } from '../../test/support/pictures';
import type { DemoApi } from '../demo/api';
import type { Choice } from './cheapest';
import { startRecorder, type Exchange } from './recorder';

/** What was asked for and what came back. */
export interface Step {
	name: string;
	exchange: Exchange;
	/** The JSON of the node's item; absent where the node was not asked. */
	json?: IDataObject;
}

const PROMPT = 'A red circle on a white ground';

/** No one's key, of the form of OpenAI's. */
const WRONG_KEY = `sk-proj-${'0'.repeat(40)}`;

/** Fewer pixels than any model makes. */
const WRONG_SIZE = '16x16';

/**
 * Asks an API: first what costs nothing (the model list, a refused key, a refused size), then the node makes
 * an image and edits a small picture, which is paid for.
 *
 * @param say told what is going on
 * @throws Error when the API cannot be reached or does not take the key
 */
export async function perform(
	{ credentials }: DemoApi,
	{ model, size }: Choice,
	say: (text: string) => void,
): Promise<Step[]> {
	const recorder = await startRecorder(String(credentials.baseUrl));
	const steps: Step[] = [];
	const record = (name: string, json?: IDataObject) => {
		const exchange = recorder.exchanges.at(-1);
		if (!exchange) throw new Error(`The API did not answer: ${String(json?.error ?? name)}`);
		steps.push({ name, exchange, json });
		recorder.exchanges.length = 0;
	};
	const ask = async (name: string, path: string, key: unknown, body?: object) => {
		say(`  ${name}`);
		const answer = await fetch(`${recorder.url}${path}`, {
			method: body ? 'POST' : 'GET',
			headers: { authorization: `Bearer ${String(key)}`, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		}).catch(() => undefined);
		if (!answer) throw new Error(`No API answers at ${String(credentials.baseUrl)}`);
		record(name);
		return answer.status;
	};
	const run = async (name: string, parameters: INodeParameters) => {
		say(`  ${name}`);
		const { items } = await runNode({
			credentials: { ...credentials, baseUrl: recorder.url },
			parameters: {
				prompt: PROMPT,
				model: modelById(model),
				size,
				quality: 'low',
				options: { maxRetries: 0 },
				...parameters,
			},
			items: [{ json: {}, binary: await storeFiles({ data: await picture('png', SMALL) }) }],
			node: { onError: 'continueRegularOutput' },
		});
		record(name, items[0]?.json);
	};
	const asked = async () => {
		const path = '/images/generations';
		const { apiKey } = credentials;
		if ((await ask('List models', '/models', apiKey)) === 401) {
			throw new Error('The API does not take this key.');
		}
		await ask('Wrong key', path, WRONG_KEY, { model, prompt: PROMPT });
		await ask('Wrong size', path, apiKey, { model, prompt: PROMPT, size: WRONG_SIZE });
		await run('Generate Image', { operation: 'generate' });
		await run('Edit Image', { operation: 'edit', images: imagesFrom('data') });
		return steps;
	};
	return await asked().finally(recorder.close);
}

/** The picture that is edited: input is paid for by its pixels. */
const SMALL = { width: 256, height: 256 };
