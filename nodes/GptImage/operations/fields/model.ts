import { docsLink } from './docs';
import { field } from './field';

const DEFAULT_MODEL = 'gpt-image-2';

export const modelField = field({
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: DEFAULT_MODEL, cachedResultName: DEFAULT_MODEL },
	description:
		'The GPT Image model to use. Prices in the list are for a square image of medium quality. Flare models are fast; Sunburst models take more time for detail and keep to what an edit leaves alone. ' +
		`${docsLink('models-and-prices.md', 'Models and prices')}.`,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'listModels', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. gpt-image-2.6-sunburst',
			hint: 'Any ID works, also a deployment of Azure or an alias of a gateway',
		},
	],
});
