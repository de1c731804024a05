import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../harness';
import type { TestSimulator } from './simulator';

/** What a small image of each item asks for. */
export const SMALL = { size: '1024x1024', quality: 'low', prompt: '={{ $json.prompt }}' };

export const prompts = (count: number, more: object = {}): INodeExecutionData[] =>
	Array.from({ length: count }, (_, index) => ({
		json: { sku: `A-${index}`, prompt: `picture ${index}`, ...more },
	}));

/** Three items of which the API refuses the second. */
export const oneRefused = {
	imageOptions: { moderation: '={{ $json.moderation }}' },
};
export const refusedItems = [0, 1, 2].map((index) => ({
	json: { prompt: `picture ${index}`, moderation: index === 1 ? 'strict' : 'low' },
}));

export const firstId = ([first]: INodeExecutionData[]) => String(first?.json.batchId);

/** What the node does with batches. */
export function batchesOf(simulator: TestSimulator) {
	const onBatch = async (operation: string, parameters: INodeParameters = {}, run: NodeRun = {}) =>
		await simulator.run({ ...run, parameters: { resource: 'batch', operation, ...parameters } });
	return {
		/** Submits the items; three by default. */
		submit: async (parameters: INodeParameters = {}, run: NodeRun = {}) =>
			await simulator.run({
				items: prompts(3),
				...run,
				parameters: { ...SMALL, delivery: 'batch', ...parameters },
			}),
		onBatch,
		getImages: async (batchId: unknown, run: NodeRun = {}, more: INodeParameters = {}) =>
			await onBatch('getImages', { batchId: String(batchId), ...more }, run),
	};
}
