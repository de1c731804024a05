import { imagesFrom } from '../../test/support/parameters';
import { picture, storeFiles } from '../../test/support/pictures';
import { batchSteps, type BatchWait } from './batch';
import { Caller, PROMPT, type Asked, type Step } from './caller';
import { fileSteps } from './files';
import { tidyUp } from './tidyUp';

/** What is asked for besides images. */
export interface Extent {
	files?: boolean;
	/** A batch, and how it is waited for. */
	batch?: BatchWait;
}

/** No one's key, of the form of OpenAI's. */
const WRONG_KEY = `sk-proj-${'0'.repeat(40)}`;

/** Fewer pixels than any model makes. */
const WRONG_SIZE = '16x16';

/** The picture that is edited: input is paid for by its pixels. */
const SMALL = { width: 256, height: 256 };

/**
 * Asks an API: first what costs nothing (the model list, a refused key, a refused size), then the node makes
 * an image and edits a small picture, which is paid for. What lies at the API in the end is deleted, and a batch
 * that has not ended is cancelled, whatever happens.
 *
 * @throws Error when the API cannot be reached or does not take the key; the reason of the signal
 */
export async function perform(asked: Asked, { files, batch }: Extent): Promise<Step[]> {
	const caller = await Caller.start(asked);
	try {
		await imageSteps(caller);
		if (files) await fileSteps(caller, await picture('png', SMALL));
		if (batch) await batchSteps(caller, batch);
		return caller.steps;
	} finally {
		await tidyUp(caller).finally(async () => await caller.close());
	}
}

async function imageSteps(caller: Caller): Promise<void> {
	const { api, choice, say } = caller.asked;
	const { apiKey } = api.credentials;
	const path = '/images/generations';
	if ((await caller.ask('List models', '/models', apiKey)) === 401) {
		throw new Error('The API does not take this key.');
	}
	const body = { model: choice.model, prompt: PROMPT };
	await caller.ask('Wrong key', path, WRONG_KEY, body);
	await caller.ask('Wrong size', path, apiKey, { ...body, size: WRONG_SIZE });
	say('  Generate Image');
	const [generated] = await caller.run({ operation: 'generate' });
	caller.record('Generate Image', generated?.json);
	say('  Edit Image');
	const [edited] = await caller.run({ operation: 'edit', images: imagesFrom('data') }, [
		{ json: {}, binary: await storeFiles({ data: await picture('png', SMALL) }) },
	]);
	caller.record('Edit Image', edited?.json);
}
