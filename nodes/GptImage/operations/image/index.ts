import type { INodeProperties } from 'n8n-workflow';
import { edit } from './edit';
import { collectionFields, guestsIn } from '../fields/collection';
import { EDIT_IMAGE_OPTIONS, imageOptions } from '../fields/imageOptions';
import { maskFields } from '../fields/mask';
import { outputOptions } from '../fields/outputOptions';
import { EDIT_RUN_OPTIONS, runOptions } from '../fields/runOptions';
import { whenSet } from '../fields/visibility';
import { generate } from './generate';
import type { Resource } from '../operation';

/** Number of Images beside the prompt, where workflows of other nodes have it; a text, so that it can be left blank. */
const countBesidePrompt: INodeProperties = {
	displayName: 'Number of Images',
	name: 'n',
	type: 'string',
	default: '',
	description: 'How many images to make of the prompt; each is paid for',
	displayOptions: { show: whenSet('n') },
};

export const image: Resource = {
	value: 'image',
	name: 'Image',
	operations: [generate, edit],
	fields: [
		countBesidePrompt,
		...collectionFields(imageOptions, EDIT_IMAGE_OPTIONS),
		// An agent gets no file: without a link it has nothing to hand out.
		...collectionFields(outputOptions, [], { forTools: { temporaryLink: 60 } }),
		...collectionFields(runOptions, EDIT_RUN_OPTIONS, {
			guests: guestsIn(runOptions.name, [
				...imageOptions.options,
				...maskFields.filter(({ name }) => name !== 'source'),
				...outputOptions.options,
			]),
		}),
	],
};
