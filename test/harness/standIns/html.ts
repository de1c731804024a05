import { forEachItem, nodeType, parameters } from './nodeType';
import { resolved } from './template';

/** HTML, Generate HTML Template: Html.node.js. The editor shows the page in place of its JSON. */
export const html = nodeType('html', {
	version: 1.2,
	properties: parameters({ operation: 'generateHtmlTemplate', html: '' }),
	execute: forEachItem(async (context, _, itemIndex) => ({
		json: {
			html: resolved(context, String(context.getNodeParameter('html', itemIndex)), itemIndex),
		},
		pairedItem: { item: itemIndex },
	})),
});
