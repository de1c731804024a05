import type { INodeParameters } from 'n8n-workflow';
import { gptImage, openAiImagesApi } from '../../../test/harness/package';
import { inputFields, prepareWorkflow } from '../engine';
import { MODEL, PROMPT, type Job, type Prepare } from '../job';

/** This node. */
export const prepare: Prepare = async (job) => {
	const { url, apiKey } = job;
	return await prepareWorkflow(
		job,
		[
			{
				nodeType: gptImage,
				version: 1,
				parameters: parametersOf(job),
			},
		],
		{ type: openAiImagesApi, data: { apiKey, hasMore: true, baseUrl: url } },
	);
};

/** An ellipse in the middle of the picture. */
const SHAPE = { kind: 'ellipse', unit: 'percent', x: 25, y: 25, width: 50, height: 50 };

function parametersOf(job: Job): INodeParameters {
	const { operation, n, concurrency, mask, batchId } = job;
	if (operation === 'collect') return { resource: 'batch', operation: 'getImages', batchId };
	const area = {
		source: 'shapes',
		maskArea: { shape: [SHAPE] },
		...(mask === 'exact' && { keepRest: true }),
	};
	const isEdit = operation === 'edit' || mask !== undefined;
	return {
		resource: 'image',
		operation: isEdit ? 'edit' : 'generate',
		...(operation === 'submit' && { delivery: 'batch' }),
		model: { __rl: true, mode: 'id', value: MODEL },
		prompt: PROMPT,
		imageOptions: { n, ...(mask && { mask: { set: area } }) },
		...(isEdit && {
			images: { image: [{ source: 'binary', binaryPropertyName: inputFields(job).join(', ') }] },
		}),
		...(concurrency !== undefined && { options: { requestsInParallel: concurrency } }),
	};
}
