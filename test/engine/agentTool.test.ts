import { NodeHelpers, type INodeExecutionData, type INodeParameters } from 'n8n-workflow';
import { gptImage, readBinary } from '../harness';
import { asTool } from '../harness/tool';
import { packageName } from '../harness/package';
import { FAULT_TABLE } from '../simulator/errors';
import { onDay } from '../support/date';
import { picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { membersOf } from '../support/parameters';
import { named } from '../support/fileNames';
import { wordsOf } from '../support/words';

onDay('2026-11-22');
const simulator = useSimulator();

/** Runs the node as an agent does: n8n has given it the type of a tool, and its input is what the agent knows. */
const call = async (parameters: INodeParameters, node = {}, nodeType = gptImage) =>
	await simulator.run({
		nodeType,
		parameters: {
			prompt: '={{ $json.prompt }}',
			...parameters,
			// A tool has no Simplify; Output stands in its place.
			outputOptions: { simplify: true, ...membersOf(parameters.outputOptions) },
		},
		items: [{ json: { prompt: 'A red fox', chatInput: 'Draw a fox', toolCallId: 'call_1' } }],
		node: { type: `${packageName}.gptImageTool`, name: 'Painter', ...node },
	});

const withLink = { options: { temporaryLink: 60, includeOtherFields: true } };

describe('as the tool of an AI agent', () => {
	it('tells all there is, or the fields that were selected, where that is wanted', async () => {
		const nodeType = asTool(gptImage);
		const [all] = (await call({ outputOptions: { output: 'raw' } }, {}, nodeType)).items;
		expect(all?.json).toMatchObject({ usage: expect.any(Object), requestId: expect.any(String) });
		const outputOptions = { output: 'selectedFields', outputFields: 'cost, requestId' };
		const [chosen] = (await call({ outputOptions }, {}, nodeType)).items;
		expect(chosen?.json).toEqual({
			cost: expect.any(Number),
			requestId: simulator.api.requests[1]?.requestId,
		});
	});

	it('answers shortly what was made, where it is, what it cost and what to do next', async () => {
		const { items } = await call({ size: '1024x1024', quality: 'low' });
		expect(items.map(({ json }) => json)).toEqual([
			{
				result: 'Image 1 was generated with gpt-image-2: PNG, 1024x1024 pixels.',
				fileName: named('a-red-fox'),
				costInUsd: 0.005895,
				storedIn: 'binary field data of node Painter',
				next: 'There is no link to give: the tool has no Temporary Link, or this n8n cannot sign links. Tell the user that the image is made. Do not call again unless another image is wanted.',
			},
		]);
		const file = items[0]?.binary?.data;
		expect(file && sha256(await readBinary(file))).toBe(simulator.api.images[0]?.sha256);
	});

	it('gives a link when the option is there, and nothing of its input', async () => {
		const { items } = await call(withLink);
		const [json] = items.map((item) => item.json);
		expect(json?.url).toMatch(/\/binary-data\/signed\?token=/);
		expect(json?.next).toBe(
			`Give the user the url; it works until ${String(json?.urlExpiresAt)}. Do not call again unless another image is wanted.`,
		);
		expect(Object.keys(json ?? {}).sort()).toEqual(
			['costInUsd', 'fileName', 'next', 'result', 'storedIn', 'url', 'urlExpiresAt'].sort(),
		);
		expect(JSON.stringify(json).length).toBeLessThan(1000);
	});

	it('is recognised by the mark n8n sets when an agent runs a node', async () => {
		const { items } = await simulator.run({
			parameters: { prompt: 'A fox', options: { simplify: true } },
			node: { rewireOutputLogTo: 'ai_tool' },
		});
		expect(items[0]?.json).toHaveProperty('result');
	});

	it('edits an image that an expression finds in an earlier node', async () => {
		const { data } = await storeFiles({ data: await picture('jpeg') });
		const { items } = await simulator.run({
			parameters: {
				operation: 'edit',
				prompt: 'Add a hat',
				options: { simplify: true },
				images: {
					image: [{ source: 'binary', binaryPropertyName: '={{ $json.photo }}' }],
				},
			},
			items: [{ json: { photo: { ...data } } }],
			node: { type: `${packageName}.gptImageTool` },
		});
		expect(items[0]?.json.result).toMatch(/^Image 1 was edited with gpt-image-2: PNG/);
		expect(simulator.api.requests[0]?.files[0]?.bytes).toHaveLength(Number(data?.bytes));
	});

	const errorsOf = (items: INodeExecutionData[]) => items.map(({ json }) => json);

	it('says how to name an image, since an agent passes no file on', async () => {
		const { items } = await call({ operation: 'edit' });
		expect(errorsOf(items)).toEqual([
			{
				error:
					'Input data field "data" does not exist. An AI agent passes no file on. Set the field name to an expression that finds the file, e.g. {{ $(\'When chat message received\').item.binary.data0 }}.',
			},
		]);
	});

	it('asks for an image when the expression finds none', async () => {
		const binaryPropertyName = '={{ $json.none }}';
		const images = { image: [{ source: 'binary', binaryPropertyName }] };
		const { items } = await call({ operation: 'edit', images });
		expect(errorsOf(items)).toEqual([
			{
				error:
					'Input Data Field Name is empty. There is no image to edit. Ask the user to send one.',
			},
		]);
	});

	it('puts cause and remedy of a failure into the message, which is all an agent sees', async () => {
		simulator.api.misbehave({ code: 'moderation_blocked' });
		const { items } = await call({});
		const { requestId } = simulator.api.requests[0] ?? {};
		const { message, remedy } = wordsOf('safety');
		expect(errorsOf(items)).toEqual([
			{
				error: `${message} (violence). ${remedy} The API says: "${FAULT_TABLE.moderation_blocked.message}" (code: moderation_blocked, request: ${requestId})`,
			},
		]);
	});

	it('throws it when On Error was set to Stop Workflow', async () => {
		simulator.api.misbehave({ code: 'moderation_blocked' });
		const { message, remedy } = wordsOf('safety');
		await expect(call({}, { onError: 'stopWorkflow' })).rejects.toThrow(
			`${message} (violence). ${remedy}`,
		);
	});

	it.each([
		['the credential', { credentials: undefined }],
		['an option of the run', { parameters: { prompt: 'A', options: { requestsInParallel: 0 } } }],
	])('tells what is wrong with %s', async (_, more) => {
		const { items } = await simulator.run({
			parameters: { prompt: 'A fox' },
			node: { type: `${packageName}.gptImageTool` },
			...more,
		});
		expect(errorsOf(items)).toEqual([{ error: expect.not.stringContaining('[item') }]);
	});

	it('tells of images that were made before a failure', async () => {
		simulator.api.misbehave({}, { code: 'moderation_blocked' });
		const options = { imagesPerRequest: 1, requestsInParallel: 1 };
		const { items } = await call({ n: 2, options });
		expect(items.map(({ json }) => Object.keys(json)[0])).toEqual(['result', 'error']);
	});

	it.each([
		['generate', 'Generate image from text in GPT Image'],
		['edit', 'Edit image with text in GPT Image'],
	])('is described to the agent by what %s does', (operation, description) => {
		const parameters = { resource: 'image', operation };
		expect(NodeHelpers.makeDescription(parameters, gptImage.description)).toBe(description);
	});
});
