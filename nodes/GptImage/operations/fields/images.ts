import type { INodeProperties } from 'n8n-workflow';

export const imagesField: INodeProperties = {
	displayName: 'Images',
	name: 'images',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Image',
	required: true,
	default: { image: [{ source: 'binary', binaryPropertyName: 'data' }] },
	description: 'The images to edit or to take as references, up to 16 in all',
	options: [
		{
			displayName: 'Image',
			name: 'image',
			values: [
				{
					displayName: 'Add From',
					name: 'source',
					type: 'options',
					options: [
						{
							name: 'All Input Data Fields',
							value: 'allBinary',
							description: 'Every binary field of the item, except mask and markup',
						},
						{
							name: 'All Items',
							value: 'allItems',
							description: 'A binary field of every input item, for one edit of them all',
						},
						{
							name: 'Base64',
							value: 'base64',
							description: 'Base64 text or a data URL from JSON',
						},
						{
							name: 'File ID',
							value: 'fileId',
							description: 'A file that was uploaded to OpenAI',
						},
						{
							name: 'Input Data Field',
							value: 'binary',
							description: 'One binary field of the item, or several',
						},
						{
							name: 'URL',
							value: 'url',
							description: 'A public address; OpenAI fetches the image, n8n does not',
						},
					],
					default: 'binary',
				},
				{
					displayName: 'Base64',
					name: 'base64',
					type: 'string',
					default: '',
					placeholder: 'e.g. {{ $json.image }}',
					description: 'The base64 text of an image file, or a data URL',
					displayOptions: { show: { source: ['base64'] } },
				},
				{
					displayName: 'File ID',
					name: 'fileId',
					type: 'string',
					default: '',
					placeholder: 'e.g. file-AbC123',
					description: 'ID of a file in the OpenAI project of the API key',
					displayOptions: { show: { source: ['fileId'] } },
				},
				{
					displayName: 'Image URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/photo.png',
					description: 'Address of a PNG, JPEG or WebP that is open to the public',
					displayOptions: { show: { source: ['url'] } },
				},
				{
					displayName: 'Input Data Field Name',
					name: 'binaryPropertyName',
					type: 'string',
					typeOptions: { binaryDataProperty: true },
					required: true,
					default: 'data',
					placeholder: 'e.g. data',
					hint: 'Several names go in one row with commas between them',
					description:
						'Name of the binary field that holds the image (PNG, JPEG or WebP, under 50 MB)',
					displayOptions: { show: { source: ['binary', 'allItems'] } },
				},
			],
		},
	],
};
