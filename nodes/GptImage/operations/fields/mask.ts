import { MAX_SOFT_EDGE } from '../../images/composite/softEdge';
import { field } from './field';

/** Where a mask comes from. */
export const MASK_SOURCES = ['binary', 'shapes'] as const;

/** One area of a mask that the node draws. */
export const shapeFields = [
	field({
		displayName: 'Shape',
		name: 'kind',
		type: 'options',
		options: [
			{ name: 'Ellipse', value: 'ellipse' },
			{ name: 'Rectangle', value: 'rectangle' },
		],
		default: 'rectangle',
	}),
	field({
		displayName: 'Unit',
		name: 'unit',
		type: 'options',
		options: [
			{ name: 'Percent of the Image', value: 'percent' },
			{ name: 'Pixels', value: 'pixels' },
		],
		default: 'percent',
	}),
	field({
		displayName: 'Left',
		name: 'x',
		type: 'number',
		default: 25,
		description: 'Distance from the left side',
	}),
	field({
		displayName: 'Top',
		name: 'y',
		type: 'number',
		default: 25,
		description: 'Distance from the upper side',
	}),
	field({
		displayName: 'Width',
		name: 'width',
		type: 'number',
		typeOptions: { minValue: 0.01 },
		default: 50,
		description: 'Width of the shape',
	}),
	field({
		displayName: 'Height',
		name: 'height',
		type: 'number',
		typeOptions: { minValue: 0.01 },
		default: 50,
		description: 'Height of the shape',
	}),
];

/** All that is about the mask of an edit. */
export const maskFields = [
	field({
		displayName: 'Mask From',
		name: 'source',
		type: 'options',
		options: [
			{
				name: 'Input Data Field',
				value: 'binary',
				description: 'A PNG of the same size as the first image, transparent where it may change',
			},
			{
				name: 'Shapes',
				value: 'shapes',
				description: 'Areas of the first image that may change; the node draws the mask',
			},
		],
		default: 'binary',
	}),
	field({
		displayName: 'Mask Data Field Name',
		name: 'maskBinaryPropertyName',
		type: 'string',
		typeOptions: { binaryDataProperty: true },
		default: '',
		placeholder: 'e.g. mask',
		description:
			'Name of the binary field with the mask: a PNG of the same size as the first image, transparent where it may change',
		displayOptions: { show: { source: ['binary'] } },
	}),
	field({
		displayName: 'Mask Area',
		name: 'maskArea',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Shape',
		default: {},
		description: 'Areas of the first image that may change',
		options: [{ displayName: 'Shape', name: 'shape', values: shapeFields }],
		displayOptions: { show: { source: ['shapes'] } },
	}),
	field({
		displayName: 'Mask Inverted',
		name: 'maskInverted',
		type: 'boolean',
		default: false,
		description: 'Whether everything but the mask area may change',
		displayOptions: { show: { source: ['shapes'] } },
	}),
	field({
		displayName: 'Keep the Rest Unchanged',
		name: 'keepRest',
		type: 'boolean',
		default: false,
		description:
			'Whether to take every pixel outside the mask from the first image, as it is. A mask alone is only a hint: the model draws the whole image anew.',
	}),
	field({
		displayName: 'Soft Edge (Pixels)',
		name: 'softEdge',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_SOFT_EDGE, numberPrecision: 0 },
		default: 8,
		description: 'How wide the transition from the new area to the unchanged rest is',
		displayOptions: { show: { keepRest: [true] } },
	}),
];
