import { gptImage, openAiImagesApi } from '../../../test/harness/package';
import { inputFields, prepareWorkflow } from '../engine';
import { MODEL, PROMPT, type Prepare } from '../job';

/** This node. */
export const prepare: Prepare = async (job) => {
	const { operation, n, lanes, url, apiKey } = job;
	return await prepareWorkflow(
		job,
		[
			{
				nodeType: gptImage,
				version: 1,
				parameters: {
					operation,
					model: { __rl: true, mode: 'id', value: MODEL },
					prompt: PROMPT,
					imageOptions: { n },
					...(operation === 'edit' && {
						images: {
							image: [{ source: 'binary', binaryPropertyName: inputFields(job).join(', ') }],
						},
					}),
					...(lanes !== undefined && { options: { requestsInParallel: lanes } }),
				},
			},
		],
		{ type: openAiImagesApi, data: { apiKey, baseUrl: url } },
	);
};
