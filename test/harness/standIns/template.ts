import type { IExecuteFunctions } from 'n8n-workflow';

/** A text whose field takes no expression, with what stands in it between double braces: getResolvables, utilities.js. */
export const resolved = (context: IExecuteFunctions, text: string, itemIndex: number): string =>
	text.replaceAll(/\{\{[\s\S]*?\}\}/g, (expression) =>
		String(context.evaluateExpression(expression, itemIndex)),
	);
