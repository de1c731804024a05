import { NodeApiError, NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import { readBinary, runWorkflow } from '../harness';
import { BAD_INPUTS, ownParameters, threeItems } from '../support/badInputs';
import { withErrorOutput } from '../support/errorOutput';
import { sha256 } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { wordsOf } from '../support/words';

const simulator = useSimulator();

/** The prompts that reached the server, in no particular order. */
function prompts(): unknown[] {
	return simulator.api.requests
		.map(({ json, fields }) => Object.entries(json ?? fields ?? {}))
		.map((entries) => entries.find(([name]) => name === 'prompt')?.[1])
		.sort();
}

/** What the node adds to the first failure when the run ends for it. */
function lost(): string {
	if (simulator.api.images.length === 0) return '';
	expect(simulator.api.images).toHaveLength(1);
	return "1 image was made before this and not passed on. Set On Error to Continue in the node's settings to keep what was made. ";
}

/** The items hold the pictures that were drawn for these prompts, in this order. */
async function expectPictures(made: INodeExecutionData[], texts: string[]) {
	const received = made.map(
		async ({ binary }) => binary?.data && sha256(await readBinary(binary.data)),
	);
	const drawn = texts.map((text) => simulator.api.images.find(({ prompt }) => prompt === text));
	expect(await Promise.all(received)).toEqual(drawn.map((image) => image?.sha256));
}

const failureOf = async (run: Promise<unknown>) =>
	await run.then(
		() => 'It succeeded.',
		(error: unknown) => error,
	);

describe('without Continue, the run ends with the failure of the item', () => {
	it.each(BAD_INPUTS)('%s', async (_, operation, bad) => {
		const error = await failureOf(
			simulator.run({ parameters: ownParameters(operation, bad), items: await threeItems(bad) }),
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		if (!(error instanceof NodeOperationError)) return;
		expect(error.message).toBe(`${bad.message} [item 2]`);
		expect(error.description).toBe(bad.description + lost());
		expect(error.context.itemIndex).toBe(1);
		expect(['', 'The first']).toContain(prompts().join());
	});
});

/** Which way a failure comes out has nothing to do with what is wrong: half of them take one, half the other. */
const everyOther = (first: 0 | 1) => BAD_INPUTS.filter((_, index) => index % 2 === first);

describe('with Continue, the other items get their images', () => {
	it.each(everyOther(0))('%s', async (_, operation, bad) => {
		const { items: made } = await simulator.run({
			parameters: ownParameters(operation, bad),
			items: await threeItems(bad),
			node: { onError: 'continueRegularOutput' },
		});
		expect(prompts()).toEqual(['The first', 'The third']);
		const [first, failed, third, ...others] = made;
		expect(others).toEqual([]);
		expect(failed).toEqual({
			json: {
				error: `${bad.message} [item 2]`,
				details: { description: bad.description },
			},
			pairedItem: { item: 1 },
		});
		await expectPictures(
			[first ?? { json: {} }, third ?? { json: {} }],
			['The first', 'The third'],
		);
	});
});

describe('with an error output, the item comes out of it with its own JSON', () => {
	it.each(everyOther(1))('%s', async (_, operation, bad) => {
		const input = await threeItems(bad);
		const result = await runWorkflow(withErrorOutput(ownParameters(operation, bad)), {
			credentials: simulator.credentials(),
			items: input,
		});
		expect(result.run.status).toBe('success');
		expect(result.items('GPT Image', 1)).toMatchObject([
			{
				json: {
					...input[1]?.json,
					error: `${bad.message} [item 2]`,
					details: { description: bad.description },
				},
				pairedItem: { item: 1 },
			},
		]);
		expect(Object.keys(result.items('GPT Image', 1)[0]?.json ?? {}).sort()).toEqual(
			[...Object.keys(input[1]?.json ?? {}), 'details', 'error'].sort(),
		);
		expect(prompts()).toEqual(['The first', 'The third']);
		await expectPictures(result.items('GPT Image', 0), ['The first', 'The third']);
	});
});

describe('an item that the API refuses', () => {
	const refused = { json: { prompt: 'Blood [moderation]' } };
	const message = `${wordsOf('safety').message} (violence) [item 2]`;
	const said =
		'Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID. safety_violations=[violence].';
	/** Remedy, the API's words, and the facts to ask support with. */
	function description(): string {
		const request = simulator.api.requests.find(({ status }) => status === 400);
		return `${wordsOf('safety').remedy} The API says: "${said}" (code: moderation_blocked, request: ${request?.requestId}) The prompt was: "Blood [moderation]"`;
	}
	const details = () => ({
		kind: 'api',
		class: 'safety',
		status: 400,
		code: 'moderation_blocked',
		type: 'image_generation_user_error',
		requestId: simulator.api.requests.find(({ status }) => status === 400)?.requestId,
		moderation: { moderation_stage: 'input', categories: ['violence'] },
		reason: said,
		retryable: false,
		description: description(),
	});

	it('ends the run without Continue', async () => {
		const error = await failureOf(
			simulator.run({
				parameters: { ...ownParameters('generate'), options: { requestsInParallel: 1 } },
				items: await threeItems(refused),
			}),
		);
		expect(error).toBeInstanceOf(NodeApiError);
		if (!(error instanceof NodeApiError)) return;
		expect(error.message).toBe(message);
		expect(error.description).toBe(lost() + description());
		expect(error.httpCode).toBe('400');
		expect(error.context.itemIndex).toBe(1);
		expect(prompts()).toEqual(['Blood [moderation]', 'The first']);
	});

	it('is told in its place with Continue', async () => {
		const { items } = await simulator.run({
			parameters: ownParameters('edit'),
			items: await threeItems(refused),
			node: { onError: 'continueRegularOutput' },
		});
		const [first, failed, third] = items;
		expect(failed).toEqual({
			json: { error: message, details: details() },
			pairedItem: { item: 1 },
		});
		await expectPictures(
			[first ?? { json: {} }, third ?? { json: {} }],
			['The first', 'The third'],
		);
	});

	it('comes out of the error output with its own JSON', async () => {
		const result = await runWorkflow(withErrorOutput(ownParameters('generate')), {
			credentials: simulator.credentials(),
			items: await threeItems(refused),
		});
		expect(result.items('GPT Image', 1).map(({ json }) => json)).toEqual([
			{ name: 'second', prompt: 'Blood [moderation]', error: message, details: details() },
		]);
		await expectPictures(result.items('GPT Image', 0), ['The first', 'The third']);
	});
});

describe('a key that is not accepted', () => {
	const tail = '0123456789abcdef';
	const credentials = () => simulator.credentials({ apiKey: `sk-wrong-${tail}` });
	const said =
		'Incorrect API key provided: [key]. You can find your API key at https://platform.openai.com/account/api-keys.';

	it('ends the run with the first item, and is not tried twice', async () => {
		const error = await failureOf(
			simulator.run({
				credentials: credentials(),
				parameters: { prompt: 'A fox', options: { requestsInParallel: 1 } },
				items: [{ json: {} }, { json: {} }],
			}),
		);
		expect(error).toBeInstanceOf(NodeApiError);
		if (!(error instanceof NodeApiError)) return;
		const [request, ...others] = simulator.api.requests;
		expect(others).toEqual([]);
		const { message, remedy } = wordsOf('credential');
		expect(error.message).toBe(`${message} [item 1]`);
		expect(error.description).toBe(
			`${remedy} The API says: "${said}" (code: invalid_api_key, request: ${request?.requestId})`,
		);
		expect(error.httpCode).toBe('401');
		expect(error.context.itemIndex).toBe(0);
		expect(JSON.stringify(error)).not.toContain(tail);
	});

	it('fails every item with Continue, each with the number it has', async () => {
		const { items } = await simulator.run({
			credentials: credentials(),
			parameters: { prompt: 'A fox' },
			items: [{ json: {} }, { json: {} }],
			node: { onError: 'continueRegularOutput' },
		});
		expect(items).toEqual(
			[0, 1].map((item) => ({
				json: {
					error: expect.stringMatching(new RegExp(` \\[item ${item + 1}\\]$`)),
					details: expect.objectContaining({ class: 'credential' }),
				},
				pairedItem: { item },
			})),
		);
		expect(simulator.api.requests).toHaveLength(2);
		expect(JSON.stringify(items)).not.toContain(tail);
	});
});

describe('what holds for the whole run', () => {
	const bad = [
		[
			'Requests in Parallel of 0',
			{ prompt: 'A fox', options: { requestsInParallel: 0 } },
			'Requests in Parallel is 0',
			'Set Requests in Parallel to a whole number from 1 to 50.',
		],
		[
			'Images per Minute of a word',
			{ prompt: 'A fox', options: { imagesPerMinute: '={{ "many" }}' } },
			'Images per Minute is "many"',
			'Set Images per Minute to a number of at least 0.',
		],
		[
			'an operation of another node',
			{ prompt: 'A fox', operation: '__CUSTOM_API_CALL__' },
			'Operation "__CUSTOM_API_CALL__" is not offered by this node',
			'Choose Generate Image or Edit Image from the list; n8n takes no expression there. For other calls use the HTTP Request node with this credential.',
		],
	] as const;

	it.each(bad)('%s ends the run', async (_, parameters, message, description) => {
		const error = await failureOf(
			simulator.run({ parameters, items: [{ json: {} }, { json: {} }] }),
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		if (!(error instanceof NodeOperationError)) return;
		expect(error.message).toBe(`${message} [item 1]`);
		expect(error.description).toBe(description);
		expect(simulator.api.requests).toEqual([]);
	});

	it.each(bad)('%s sends every item to the error output', async (_, parameters, message) => {
		const result = await runWorkflow(withErrorOutput(parameters), {
			credentials: simulator.credentials(),
			items: [{ json: { a: 1 } }, { json: { a: 2 } }],
		});
		expect(result.items('GPT Image', 0)).toEqual([]);
		expect(result.items('GPT Image', 1).map(({ json }) => [json.a, json.error])).toEqual([
			[1, expect.stringContaining(message)],
			[2, expect.stringContaining(message)],
		]);
		expect(simulator.api.requests).toEqual([]);
	});
});
