import '../environment';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

export type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** What a stand-in is made of. */
export interface StandIn extends Pick<INodeType, 'execute' | 'webhook'> {
	/** The newest type version of the real node in n8n 2.41.1; what the examples use. */
	version: number;
	properties?: INodeProperties[];
	/** Type of the credential it has. */
	credential?: string;
	outputs?: INodeTypeDescription['outputs'];
}

/** A node type in place of one of n8n's own. */
export function nodeType(name: string, standIn: StandIn): INodeType {
	const { version, properties = [], credential, outputs, ...implementation } = standIn;
	return {
		description: {
			displayName: name,
			name,
			group: [implementation.webhook ? 'trigger' : 'transform'],
			version,
			description: `Stand-in for ${name}`,
			defaults: { name },
			inputs: implementation.webhook ? [] : [NodeConnectionTypes.Main],
			outputs: outputs ?? [NodeConnectionTypes.Main],
			...(credential !== undefined && { credentials: [{ name: credential, required: true }] }),
			properties,
		},
		...implementation,
	};
}

/** The parameters a stand-in reads, with the real node's defaults: the editor exports no defaults. */
export function parameters(
	defaults: Record<string, INodeProperties['default']>,
): INodeProperties[] {
	return Object.entries(defaults).map(([name, value]) => ({
		displayName: name,
		name,
		type: typeof value === 'object' ? 'json' : typeof value === 'boolean' ? 'boolean' : 'string',
		default: value,
	}));
}

/** Passes its input on. */
export const passOn: Execute = async function () {
	return [this.getInputData()];
};

/** Makes one item of each, in the same order. */
export function forEachItem(
	make: (
		context: IExecuteFunctions,
		item: INodeExecutionData,
		itemIndex: number,
	) => Promise<INodeExecutionData>,
): Execute {
	return async function () {
		const items = this.getInputData();
		return [await Promise.all(items.map(async (item, index) => await make(this, item, index)))];
	};
}
