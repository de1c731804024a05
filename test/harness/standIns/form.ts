import { WAIT_INDEFINITELY, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { nodeType, parameters, type Execute } from './nodeType';
import { resolved } from './template';
import { isRecord, rowsOf } from './values';

/**
 * A further page of a form, or its end: Form.node.js, formNodeUtils.js, formCompletionUtils.js. The
 * real node leads the browser to a page; this one answers with what that page shows or downloads.
 */
const execute: Execute = async function () {
	const isPage = this.getNodeParameter('operation', 0) === 'page';
	if (isPage) await this.putExecutionToWait(WAIT_INDEFINITELY);
	await this.sendResponse({
		body: isPage ? page(this) : ending(this),
		headers: {},
		statusCode: 200,
	});
	return [this.getInputData()];
};

function page(context: IExecuteFunctions): IDataObject {
	const options = context.getNodeParameter('options', 0);
	const fields = rowsOf(context.getNodeParameter('formFields', 0), 'values');
	const { formTitle, formDescription } = isRecord(options) ? options : {};
	return {
		formTitle,
		formDescription,
		fields: fields.map(({ html, fieldLabel }) =>
			typeof html === 'string' ? resolved(context, html, 0) : fieldLabel,
		),
	};
}

function ending(context: IExecuteFunctions): IDataObject {
	const text = (name: string) => String(context.getNodeParameter(name, 0));
	if (text('respondWith') !== 'returnBinary') {
		return { title: text('completionTitle'), message: text('completionMessage') };
	}
	const names = text('inputDataFieldName').split(',');
	const files = names.map((name) => ({ ...context.helpers.assertBinaryData(0, name.trim()) }));
	return { files };
}

export const form = nodeType('form', {
	version: 2.5,
	properties: parameters({
		operation: 'page',
		formFields: {},
		respondWith: 'text',
		completionTitle: '',
		completionMessage: '',
		inputDataFieldName: 'data',
		options: {},
	}),
	execute,
});
