import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isOfThisWorkflow, mayBeNamed } from '../../nodes/GptImage/images/input/fileId';

const FILE = 'filesystem-v2:workflows/own/executions/7/binary_data/0f3a';

const itemWith = (...ids: string[]): INodeExecutionData => ({
	json: {},
	binary: Object.fromEntries(
		ids.map((id) => [`file ${id}`, { id, data: '', mimeType: 'image/png' }]),
	),
});

interface Scene {
	/** What comes into the node. */
	input?: INodeExecutionData[];
	/** What nodes have put out, by name; those that were not run have nothing. */
	ran?: Record<string, unknown>;
	/** Nodes before each node. */
	before?: Record<string, string[]>;
	/** Nodes the node belongs to, as a tool does to an agent. */
	above?: string[];
}

/** As much of n8n's context as is asked about files. */
function contextOf({ input = [], ran = {}, before = {}, above = [] }: Scene): IExecuteFunctions {
	const named = (names: string[]) => names.map((name) => ({ name }));
	return {
		getWorkflow: () => ({ id: 'own' }),
		getInputData: () => input,
		getNode: () => ({ name: 'GPT Image' }),
		getChildNodes: () => named(above),
		getParentNodes: (name: string) => named(before[name] ?? []),
		getWorkflowDataProxy: () => ({
			$items: (name: string) => {
				if (name in ran) return ran[name];
				throw new Error('The node was not run');
			},
		}),
	} as unknown as IExecuteFunctions;
}

it.each([
	[FILE, true],
	['filesystem:workflows/own/executions/temp/binary_data/0f3a', true],
	['filesystem-v2:workflows/other/executions/7/binary_data/0f3a', false],
	['filesystem-v2:workflows/own/executions/7/binary_data/../../../other', false],
	['filesystem-v2:workflows/own/executions/../binary_data/0f3a', false],
	['filesystem-v2:workflows/own/executions/7/binary_data', false],
	['filesystem-v2:workflows/own/backups/7/binary_data/0f3a', false],
	['filesystem-v2:workflows/own/executions/7/secrets/0f3a', false],
	['filesystem-v2:files/own/executions/7/binary_data/0f3a', false],
	['filesystem-v2:/etc/passwd', false],
	['', false],
])('the JSON of an item may name %j: %s', (id, may) => {
	expect(isOfThisWorkflow(contextOf({}), id)).toBe(may);
});

describe('an expression may name', () => {
	const foreign = 'filesystem-v2:workflows/other/executions/7/binary_data/0f3a';
	const may = (scene: Scene, id = foreign) => mayBeNamed(contextOf(scene), 0, id);

	it.each<[string, Scene]>([
		['comes in with an item', { input: [itemWith('another'), itemWith('third', foreign)] }],
		[
			'a node before has',
			{ before: { 'GPT Image': ['Start'] }, ran: { Start: [itemWith(foreign)] } },
		],
		[
			'was given to the agent whose tool it is',
			{ above: ['Agent'], before: { Agent: ['Chat'] }, ran: { Chat: [itemWith(foreign)] } },
		],
	])('a file that %s', (_, scene) => {
		expect(may(scene)).toBe(true);
	});

	it('a file of this workflow, and one of a store that keeps nothing but random names', () => {
		expect(may({}, FILE)).toBe(true);
		expect(may({}, 'database:0f3a-77')).toBe(true);
	});

	it.each<[string, Scene]>([
		['nobody has', {}],
		['only a node has that does not come before', { ran: { Other: [itemWith(foreign)] } }],
		['a node before would have, had it been run', { before: { 'GPT Image': ['Start'] } }],
		[
			'stands in the JSON of an item, not among its files',
			{
				input: [{ json: { id: foreign }, binary: undefined }],
				before: { 'GPT Image': ['Start'] },
				ran: { Start: [{ json: { data: { id: foreign } } }, { json: {}, binary: { data: null } }] },
			},
		],
		[
			'a node before has in what are no items',
			{ before: { 'GPT Image': ['Start', 'Odd'] }, ran: { Start: 'none', Odd: [null, 7] } },
		],
	])('no file that %s', (_, scene) => {
		expect(may(scene)).toBe(false);
	});
});
