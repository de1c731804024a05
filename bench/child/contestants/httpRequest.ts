import type { INodeParameters } from 'n8n-workflow';
import { prepareWorkflow } from '../engine';
import { MODEL, PROMPT, type Job, type Prepare } from '../job';
import { vendorStep } from './vendor';

const NODES = 'n8n-nodes-base/dist/nodes';

/** What people build by hand: HTTP Request, Split Out when there are several images, Convert to File. */
export const prepare: Prepare = async (job) => {
	const request = await vendorStep(`${NODES}/HttpRequest/HttpRequest.node.js`, 'HttpRequest', {
		method: 'POST',
		url: `${job.url}/images/${job.operation === 'edit' ? 'edits' : 'generations'}`,
		sendHeaders: true,
		headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${job.apiKey}` }] },
		sendBody: true,
		...(job.operation === 'edit' ? formOf(job) : jsonOf(job)),
	});
	const split = await vendorStep(`${NODES}/Transform/SplitOut/SplitOut.node.js`, 'SplitOut', {
		fieldToSplitOut: 'data',
	});
	const convert = await vendorStep(
		`${NODES}/Files/ConvertToFile/ConvertToFile.node.js`,
		'ConvertToFile',
		{ operation: 'toBinary', sourceProperty: job.n > 1 ? 'b64_json' : 'data[0].b64_json' },
	);
	const steps = job.n > 1 ? [request, split, convert] : [request, convert];
	return await prepareWorkflow(job, steps, undefined);
};

const jsonOf = ({ n }: Job): INodeParameters => ({
	contentType: 'json',
	specifyBody: 'json',
	jsonBody: JSON.stringify({ model: MODEL, prompt: PROMPT, n }),
});

/** The form's rows are keyed by name, so one `image` is all it can send. */
const formOf = ({ n }: Job): INodeParameters => ({
	contentType: 'multipart-form-data',
	bodyParameters: {
		parameters: [
			{ parameterType: 'formData', name: 'model', value: MODEL },
			{ parameterType: 'formData', name: 'prompt', value: PROMPT },
			{ parameterType: 'formData', name: 'n', value: String(n) },
			{ parameterType: 'formBinaryData', name: 'image', inputDataFieldName: 'image0' },
		],
	},
});
