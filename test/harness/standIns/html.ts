import { forEachItem, nodeType, parameters } from './nodeType';

/** HTML, Generate HTML Template: Html.node.js. The editor shows the page in place of its JSON. */
export const html = nodeType('html', {
	version: 1.2,
	properties: parameters({ operation: 'generateHtmlTemplate', html: '' }),
	execute: forEachItem(async (context, _, itemIndex) => {
		const template = String(context.getNodeParameter('html', itemIndex));
		const page = template.replaceAll(/\{\{[\s\S]*?\}\}/g, (expression) =>
			String(context.evaluateExpression(expression, itemIndex)),
		);
		return { json: { html: page }, pairedItem: { item: itemIndex } };
	}),
});
