import type { INodeProperties } from 'n8n-workflow';

const EDGES = [
	{ displayName: 'Left', name: 'x', default: 25, description: 'Distance from the left side' },
	{ displayName: 'Top', name: 'y', default: 25, description: 'Distance from the upper side' },
	{ displayName: 'Width', name: 'width', default: 50, description: 'Width of the shape' },
	{ displayName: 'Height', name: 'height', default: 50, description: 'Height of the shape' },
];

/** One area of a mask that the node draws. */
export const maskShapeFields: INodeProperties[] = [
	{
		displayName: 'Shape',
		name: 'kind',
		type: 'options',
		options: [
			{ name: 'Ellipse', value: 'ellipse' },
			{ name: 'Rectangle', value: 'rectangle' },
		],
		default: 'rectangle',
	},
	{
		displayName: 'Unit',
		name: 'unit',
		type: 'options',
		options: [
			{ name: 'Percent of the Image', value: 'percent' },
			{ name: 'Pixels', value: 'pixels' },
		],
		default: 'percent',
	},
	...EDGES.map((edge): INodeProperties => ({ ...edge, type: 'number' })),
];
