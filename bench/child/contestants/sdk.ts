import OpenAI, { toFile } from 'openai';
import { fs } from '../../../test/node';
import { outputFile } from '../files';
import { MODEL, PROMPT, type Prepare } from '../job';

/** OpenAI's own SDK in a bare script, one call after the other, as its documentation shows it. */
export const prepare: Prepare = async ({ operation, url, apiKey, items, n, input, inputs }) => {
	const client = new OpenAI({ apiKey, baseURL: url });
	const request = { model: MODEL, prompt: PROMPT, n };
	return async () => {
		const sizes: number[] = [];
		for (let item = 0; item < items; item += 1) {
			const { data = [] } =
				operation === 'generate'
					? await client.images.generate(request)
					: await client.images.edit({ ...request, image: await openInputs(input, inputs) });
			for (const { b64_json = '' } of data) {
				const image = Buffer.from(b64_json, 'base64');
				await fs.promises.writeFile(outputFile(sizes.length), image);
				sizes.push(image.length);
			}
		}
		return sizes;
	};
};

async function openInputs(input: string, inputs: number) {
	const file = async () =>
		await toFile(fs.createReadStream(input), 'input.png', { type: 'image/png' });
	return await Promise.all(Array.from({ length: inputs }, file));
}
