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
					displayName: 'Take From',
					name: 'source',
					type: 'options',
					options: [
						{
							name: 'Input Data Field',
							value: 'binary',
							description: 'One binary field of the item, or several',
						},
						{
							name: 'All Input Data Fields',
							value: 'allBinary',
							description: 'Every binary field of the item, except the mask',
						},
					],
					default: 'binary',
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
					displayOptions: { show: { source: ['binary'] } },
				},
			],
		},
	],
};
