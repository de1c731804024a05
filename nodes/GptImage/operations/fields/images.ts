import type { INodeProperties } from 'n8n-workflow';
import { orExpression } from './collection';
import { field } from './field';
import { asTool, unlessExpression } from './visibility';

/** Where an image of an edit comes from, in the order in which people look for it. */
const sources = [
	{
		name: 'Input Data Field',
		value: 'binary',
		description: 'One binary field of the item, or several',
	},
	{
		name: 'All Input Data Fields',
		value: 'allBinary',
		description: 'Every binary field of the item that no other row names, except mask and markup',
	},
	{
		name: 'All Items',
		value: 'allItems',
		description: 'A binary field of every input item, for one edit of them all',
	},
	{
		name: 'URL',
		value: 'url',
		description: 'A public address; OpenAI fetches the image, n8n does not',
	},
	{ name: 'Base64', value: 'base64', description: 'Base64 text or a data URL from JSON' },
	{ name: 'File ID', value: 'fileId', description: 'A file that was uploaded to OpenAI' },
] as const;

/** Values of Add From. */
export const IMAGE_SOURCES = sources.map(({ value }) => value);

/** The fields of a row of Images. */
export const imageRowFields = [
	field({
		displayName: 'Add From',
		name: 'source',
		type: 'options',
		options: [...sources],
		default: 'binary',
	}),
	// Empty, so that a second row does not send the same picture again.
	field({
		displayName: 'Input Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		typeOptions: { binaryDataProperty: true },
		required: true,
		default: '',
		placeholder: 'e.g. data',
		hint: 'Several names go in one row with commas between them',
		description: 'Name of the binary field that holds the image (PNG, JPEG or WebP, under 50 MB)',
		displayOptions: { show: { source: ['binary', 'allItems'] } },
	}),
	field({
		displayName: 'Image URL',
		name: 'url',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/photo.png',
		description: 'Address of a PNG, JPEG or WebP that is open to the public',
		displayOptions: { show: { source: ['url'] } },
	}),
	field({
		displayName: 'Base64',
		name: 'base64',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.image }}',
		description: 'The base64 text of an image file, or a data URL',
		displayOptions: { show: { source: ['base64'] } },
	}),
	field({
		displayName: 'File ID',
		name: 'fileId',
		type: 'string',
		default: '',
		placeholder: 'e.g. file-AbC123',
		description: 'ID of a file in the OpenAI project of the API key',
		displayOptions: { show: { source: ['fileId'] } },
	}),
];

export const imagesField = field({
	displayName: 'Images',
	name: 'images',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Image',
	required: true,
	default: { image: [{ source: 'binary', binaryPropertyName: 'data' }] },
	description: 'The images to edit or to take as references, up to 16 in all',
	options: [{ displayName: 'Image', name: 'image', values: imageRowFields }],
});

/** n8n shows what has this comment as defined by the model, and takes the description for the tool's schema. */
const FROM_AGENT =
	"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('File_ID', `The fileId of the image to change, from the answer of the tool that made it, e.g. file-AbC123. To combine several images: their ids with commas between them.`, 'string') }}";

/** The Images field; for an AI agent, which passes no file on, it begins with a file at OpenAI that the agent names. */
export const imagesFields: INodeProperties[] = [
	{
		...imagesField,
		displayOptions: unlessExpression(imagesField.name, { hide: asTool(true) }),
	},
	{
		...imagesField,
		default: { image: [{ source: 'fileId', fileId: FROM_AGENT }] },
		displayOptions: unlessExpression(imagesField.name, { show: asTool(true) }),
	},
	...orExpression(imagesField).slice(1),
];
