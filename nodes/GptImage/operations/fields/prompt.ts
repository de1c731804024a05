import { field } from './field';

export const generatePrompt = field({
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	required: true,
	default: '',
	placeholder: 'e.g. A lighthouse at dawn, watercolor, soft light',
	description: 'What the image shows and how it looks, in up to 32,000 characters',
});

export const editPrompt = field({
	...generatePrompt,
	placeholder: 'e.g. Replace the sky with a starry night and keep everything else',
	description: 'What to change and what to keep, in up to 32,000 characters',
});
