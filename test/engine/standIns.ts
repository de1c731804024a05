import './environment';
import {
	NodeConnectionTypes,
	type GenericValue,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
} from 'n8n-workflow';
import { triggers } from './triggers';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** The parameters a stand-in reads, with the real node's defaults: the editor exports no defaults. */
function parameters(defaults: Record<string, INodeProperties['default']>): INodeProperties[] {
	return Object.entries(defaults).map(([name, value]) => ({
		displayName: name,
		name,
		type: typeof value === 'object' ? 'json' : typeof value === 'boolean' ? 'boolean' : 'string',
		default: value,
	}));
}

function nodeType(
	name: string,
	properties: INodeProperties[],
	implementation: Pick<INodeType, 'execute' | 'webhook'>,
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: [implementation.webhook ? 'trigger' : 'transform'],
			version: 1,
			description: `Stand-in for ${name}`,
			defaults: { name },
			inputs: implementation.webhook ? [] : [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties,
		},
		...implementation,
	};
}

const passOn: Execute = async function () {
	return [this.getInputData()];
};

/** Sends the answer to the webhook's caller, and its input on: RespondToWebhook.node.js. */
const respondToWebhook: Execute = async function () {
	const items = this.getInputData();
	const [first] = items;
	const headers: IDataObject = {};
	const bodies: Record<string, () => GenericValue> = {
		noData: () => undefined,
		text: () => this.getNodeParameter('responseBody', 0),
		json: () => this.getNodeParameter('responseBody', 0),
		firstIncomingItem: () => first?.json,
		allIncomingItems: () => items.map(({ json }) => json),
		binary: () => {
			const automatic = this.getNodeParameter('responseDataSource', 0) === 'automatically';
			const name = automatic
				? (Object.keys(first?.binary ?? {})[0] ?? '')
				: String(this.getNodeParameter('inputFieldName', 0));
			const binaryData = this.helpers.assertBinaryData(0, name);
			headers['content-type'] = binaryData.mimeType;
			return { binaryData };
		},
	};
	const body = bodies[String(this.getNodeParameter('respondWith', 0))]?.();
	await this.sendResponse({ body, headers, statusCode: 200 });
	return [items];
};

/** The ending of a form, which hands files to the browser: Form.node.js, formCompletionUtils.js. */
const form: Execute = async function () {
	const names = String(this.getNodeParameter('inputDataFieldName', 0)).split(',');
	const files = names.map((name) => this.helpers.assertBinaryData(0, name.trim()));
	await this.sendResponse({ body: { files }, headers: {}, statusCode: 200 });
	return [this.getInputData()];
};

/** Writes each item's file through n8n's own file helpers: write.operation.js. */
const readWriteFile: Execute = async function () {
	const write = async (item: INodeExecutionData, index: number): Promise<INodeExecutionData> => {
		const fileName = String(this.getNodeParameter('fileName', index));
		const field = String(this.getNodeParameter('dataPropertyName', index));
		const content = await this.helpers.getBinaryDataBuffer(index, field);
		await this.helpers.writeContentToFile(await this.helpers.resolvePath(fileName), content);
		return {
			json: { ...item.json, fileName },
			pairedItem: { item: index },
			...(item.binary && { binary: { ...item.binary } }),
		};
	};
	return [await Promise.all(this.getInputData().map(write))];
};

/** Edit Fields in manual mapping without dotted names: manual.mode.js. */
const set: Execute = async function () {
	return [
		this.getInputData().map((item, index) => {
			const keep = this.getNodeParameter('includeOtherFields', index) === true;
			const chosen = this.getNodeParameter('assignments', index);
			const assignments = isAssignments(chosen) ? chosen.assignments : [];
			return {
				json: {
					...(keep && item.json),
					...Object.fromEntries(assignments.map(({ name, value }) => [name, value])),
				},
				pairedItem: { item: index },
				...(keep && item.binary && { binary: { ...item.binary } }),
			};
		}),
	];
};

function isAssignments(
	value: unknown,
): value is { assignments: Array<{ name: string; value: IDataObject[string] }> } {
	return typeof value === 'object' && value !== null && 'assignments' in value;
}

/**
 * n8n's own nodes that the example workflows use, by node type: small, but with the parameters,
 * the item shapes and the effects of the real ones (n8n-nodes-base 2.41.1).
 */
export const standIns: Record<string, INodeType> = {
	...Object.fromEntries(
		Object.keys(triggers).map((type) => [type, nodeType(type, [], { webhook: async () => ({}) })]),
	),
	'n8n-nodes-base.stickyNote': nodeType('stickyNote', [], { execute: passOn }),
	'n8n-nodes-base.noOp': nodeType('noOp', [], { execute: passOn }),
	'n8n-nodes-base.set': nodeType(
		'set',
		parameters({ includeOtherFields: false, assignments: {} }),
		{ execute: set },
	),
	'n8n-nodes-base.respondToWebhook': nodeType(
		'respondToWebhook',
		parameters({
			respondWith: 'firstIncomingItem',
			responseBody: '',
			responseDataSource: 'automatically',
			inputFieldName: 'data',
		}),
		{ execute: respondToWebhook },
	),
	'n8n-nodes-base.form': nodeType('form', parameters({ inputDataFieldName: 'data' }), {
		execute: form,
	}),
	'n8n-nodes-base.readWriteFile': nodeType(
		'readWriteFile',
		parameters({ fileName: '', dataPropertyName: 'data' }),
		{ execute: readWriteFile },
	),
};
