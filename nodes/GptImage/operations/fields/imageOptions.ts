import type { ModelFamily } from '../../models/catalogue';
import {
	allFormats,
	backgrounds,
	complexities,
	consistencies,
	fidelities,
	moderations,
	stillFormats,
	svgEfforts,
} from './choices';
import type { Collection } from './collection';
import { MAX_IMAGES_PER_ITEM } from './counts';
import { unlessBatch } from './delivery';
import { docsLink } from './docs';
import { field } from './field';
import { maskFields } from './mask';
import { modelsPerhapsWith, modelsWithout } from './visibility';

const hasGif = ({ formats }: ModelFamily) => formats.includes('gif');
const forGif = { outputFormat: ['gif'] };
const forSvg = { outputFormat: ['svg'] };

const options = [
	field({
		displayName: 'Number of Images',
		name: 'n',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_IMAGES_PER_ITEM, numberPrecision: 0 },
		default: 1,
		description: 'How many images to make of the prompt; each is paid for',
	}),
	field({
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		options: stillFormats,
		default: 'png',
		displayOptions: { hide: modelsPerhapsWith(hasGif) },
	}),
	field({
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		options: allFormats,
		default: 'png',
		displayOptions: { hide: modelsWithout(hasGif) },
	}),
	field({
		displayName: 'GIF Frames',
		name: 'frameCount',
		type: 'number',
		typeOptions: { minValue: 2, maxValue: 16, numberPrecision: 0 },
		default: 9,
		description: 'How many frames the animation has',
		displayOptions: { show: forGif },
	}),
	field({
		displayName: 'GIF Frame Duration (Ms)',
		name: 'frameDuration',
		type: 'number',
		typeOptions: { minValue: 20, maxValue: 655_350, numberPrecision: 0 },
		default: 200,
		description: 'How long each frame is shown, in milliseconds',
		displayOptions: { show: forGif },
	}),
	field({
		displayName: 'SVG Author Model',
		name: 'svgModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. gpt-5.5',
		description: 'ID of the model that writes the SVG, where the project may choose it',
		displayOptions: { show: forSvg },
	}),
	field({
		displayName: 'SVG Author Effort',
		name: 'svgEffort',
		type: 'options',
		options: svgEfforts,
		default: 'medium',
		description: 'How much the author model reasons; Generate needs SVG Author Model with it',
		displayOptions: { show: forSvg },
	}),
	field({
		displayName: 'Background',
		name: 'background',
		type: 'options',
		options: backgrounds,
		default: 'auto',
	}),
	field({
		displayName: 'Output Compression',
		name: 'outputCompression',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 0 },
		default: 100,
		description: 'Image quality of a JPEG or WebP in percent; less makes a smaller file',
	}),
	field({
		displayName: 'Mask',
		name: 'mask',
		type: 'fixedCollection',
		placeholder: 'Set Mask',
		default: {},
		description: `Where the first image may change. ${docsLink('options.md', 'How masks work')}.`,
		options: [{ displayName: 'Mask', name: 'set', values: maskFields }],
	}),
	field({
		displayName: 'Markup Data Field Name',
		name: 'markupBinaryPropertyName',
		type: 'string',
		typeOptions: { binaryDataProperty: true },
		default: '',
		placeholder: 'e.g. markup',
		description:
			'Name of the binary field with the markup: a transparent PNG of the same size as the first image, with what should guide the edit drawn on it',
		displayOptions: { hide: modelsWithout(({ markup }) => markup) },
	}),
	field({
		displayName: 'Input Fidelity',
		name: 'inputFidelity',
		type: 'options',
		options: fidelities,
		default: 'high',
		description: 'How closely to keep to the style and the faces of the input images',
		displayOptions: { hide: modelsWithout(({ fidelities: values }) => values.length > 0) },
	}),
	field({
		displayName: 'Style',
		name: 'style',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Flat vector art, pastel colors, no text',
		description: 'Text to append to the prompt of every item',
	}),
	field({
		displayName: 'Keep Consistent Across Items',
		name: 'consistency',
		type: 'options',
		options: consistencies,
		default: 'previous',
		description:
			'Which images of earlier items to give as references, so that those of a series look alike. Items are worked on one after the other; a failed one is skipped.',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Complexity',
		name: 'complexity',
		type: 'options',
		options: complexities,
		default: 'high',
		description: 'How much is spent on planning the image, apart from its quality',
		displayOptions: { hide: modelsWithout(({ complexity }) => complexity) },
	}),
	field({
		displayName: 'Moderation',
		name: 'moderation',
		type: 'options',
		options: moderations,
		default: 'auto',
		description: 'How strict the content filter is',
	}),
	field({
		displayName: 'Safety Identifier',
		name: 'safetyIdentifier',
		type: 'string',
		default: '',
		placeholder: 'e.g. 5f0c2a',
		description:
			'A stable, anonymous ID of the end user, e.g. a hash of the email address, which OpenAI uses to detect abuse. At most 128 characters.',
	}),
];

/** What the image is to be. */
export const imageOptions = {
	displayName: 'Image Options',
	name: 'imageOptions',
	options,
} satisfies Collection;

/** Those that are about input images. */
export const EDIT_IMAGE_OPTIONS: Array<(typeof options)[number]['name']> = [
	'inputFidelity',
	'markupBinaryPropertyName',
	'mask',
];
