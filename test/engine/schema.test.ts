import { isRecord } from '../../nodes/GptImage/values';
import cancel from '../../nodes/GptImage/__schema__/v1.0.0/batch/cancel.json';
import get from '../../nodes/GptImage/__schema__/v1.0.0/batch/get.json';
import getAll from '../../nodes/GptImage/__schema__/v1.0.0/batch/getAll.json';
import getImages from '../../nodes/GptImage/__schema__/v1.0.0/batch/getImages.json';
import edit from '../../nodes/GptImage/__schema__/v1.0.0/image/edit.json';
import generate from '../../nodes/GptImage/__schema__/v1.0.0/image/generate.json';
import { loadOutputSchema } from 'n8n-core';
import { runNode, storeBinary } from '../harness';
import { path, repositoryRoot } from '../node';
import { startSimulator, type Simulator } from '../simulator';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

/** The JSON Schema of a value, in the manner of n8n's own schema files. */
function schemaOf(value: unknown): unknown {
	if (!isRecord(value)) return { type: Number.isInteger(value) ? 'integer' : typeof value };
	const properties = Object.entries(value).map(([name, member]) => [name, schemaOf(member)]);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

it.each([
	['generate', generate],
	['edit', edit],
])(
	'the fields the editor shows before a run of %s are those of a real item',
	async (operation, schema) => {
		const credentials = { kind: 'openAi', apiKey: simulator.apiKey, baseUrl: simulator.url };
		const made = await runNode({ parameters: { prompt: 'a fox' }, credentials });
		const data = made.items[0]?.binary?.data ?? (await storeBinary(Buffer.alloc(0), '', ''));
		const { items } = await runNode({
			parameters: { operation, prompt: 'a blue fox' },
			credentials,
			items: [{ json: {}, binary: { data } }],
		});
		const { version, ...shown } = schema;
		expect(version).toBe(1);
		expect(shown).toEqual(schemaOf(items[0]?.json));
	},
);

it.each(['generate', 'edit'])('n8n finds those of %s in the package', (operation) => {
	const nodeDir = path.join(repositoryRoot, 'dist/nodes/GptImage');
	const ref = { nodeDir, version: 1, resource: 'image', operation, versionFallback: true };
	expect(loadOutputSchema(ref)).toHaveProperty('properties.fileName');
});

it.each([
	['getImages', getImages],
	['get', get],
	['getAll', getAll],
])(
	'the fields shown before a run of the batch operation %s are those of a real item',
	async (operation, schema) => {
		const credentials = { kind: 'openAi', apiKey: simulator.apiKey, baseUrl: simulator.url };
		const submitted = await runNode({
			parameters: { delivery: 'batch', prompt: `a fox for ${operation}` },
			credentials,
		});
		await simulator.batches.finish();
		const { batchId } = submitted.items[0]?.json ?? {};
		const { items } = await runNode({
			parameters: { resource: 'batch', operation, batchId: String(batchId) },
			credentials,
		});
		const { version, ...shown } = schema;
		expect(version).toBe(1);
		expect(shown).toEqual(schemaOf(items[0]?.json));
	},
);

it('the fields shown before a batch is cancelled are those of a batch that has not ended', () => {
	const { finishedAt, outputFileId, ...unfinished } = get.properties;
	expect([finishedAt, outputFileId]).toEqual([{ type: 'string' }, { type: 'string' }]);
	expect(cancel.properties).toEqual(unfinished);
});
