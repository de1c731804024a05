import type { Problem } from '../models/rules';
import type { ItemRequest } from '../run/buildRequest';
import type { Run } from '../run/run';

/** @returns what an item wants that a batch cannot give; `undefined` when all can be had */
export function batchProblem({ settings: run }: Run, item: ItemRequest): Problem | undefined {
	const { request, settings } = item;
	const refuse = (option: string, why: string): Problem => ({
		problem: `${option} does not go with Delivery Batch`,
		remedy: `${why} Remove the option, or set Delivery to Now.`,
	});
	if (settings.partialImages !== undefined) {
		return refuse('Partial Images or Keep Connection Alive', 'Nobody watches a batch being made.');
	}
	if (run.consistency !== undefined) {
		return refuse(
			'Keep Consistent Across Items',
			'The requests of a batch are made in any order, so that none can have the images of another.',
		);
	}
	if (settings.includeInputBinary) {
		return refuse(
			'Include Input Binary Data',
			'n8n may have deleted the files by the time the images are fetched.',
		);
	}
	if (settings.placeholder) {
		return refuse('Placeholder in Manual Runs', 'A batch is submitted as it is, or not at all.');
	}
	if (request.markup !== undefined) {
		return refuse('Markup', 'The requests of a batch are JSON, in which the API takes no markup.');
	}
	return undefined;
}
