import { readBinary } from './binary';
import { isBinaryValue, type IDataObject, type IExecuteResponsePromiseData } from 'n8n-workflow';

/** What the caller of a webhook, or the sender of a form, gets back. */
export interface Response {
	statusCode: number;
	headers: IDataObject;
	/** A Buffer when the workflow answers with a file, a list of them at the end of a form. */
	body: unknown;
}

/** Does what n8n's server does with a node's answer: a stored file becomes its bytes. */
export async function toResponse(sent: IExecuteResponsePromiseData): Promise<Response> {
	const { statusCode = 200, headers, body } = sent;
	return {
		statusCode: Number(statusCode),
		headers: typeof headers === 'object' ? { ...headers } : {},
		body: await resolved(body),
	};
}

async function resolved(body: unknown): Promise<unknown> {
	if (typeof body !== 'object' || body === null) return body;
	if ('binaryData' in body && isBinaryValue(body.binaryData)) {
		return await readBinary(body.binaryData);
	}
	if ('files' in body && Array.isArray(body.files)) {
		return await Promise.all(body.files.filter(isBinaryValue).map(readBinary));
	}
	return body;
}
