import type { INodeProperties } from 'n8n-workflow';

/** What the examples set of n8n's Wait node (n8n-nodes-base 2.41.1). */
export const waitFields: INodeProperties[] = [
	{ displayName: 'Wait Amount', name: 'amount', type: 'number', default: 5 },
	{ displayName: 'Wait Unit', name: 'unit', type: 'string', default: 'seconds' },
];
