import type { IExecuteFunctions } from 'n8n-workflow';
import { CONSISTENCIES, type Consistency } from '../../run/series';
import { readOptions } from './options';

/** What holds for all items of a run; read from the first. */
export interface RunSettings {
	concurrency: number;
	/** 0 for no limit. */
	imagesPerMinute: number;
	/** USD; `undefined` for as much as it takes. */
	maxCost?: number;
	/** Which results later items are given; `undefined` for none. */
	consistency?: Consistency;
}

/**
 * Reads no other option: one that fails for the first item must not fail the run.
 *
 * @throws NodeOperationError that names the option
 */
export function readRunSettings(context: IExecuteFunctions): RunSettings {
	const { image, run } = readOptions(context, 0);
	const consistency = image.oneOf('consistency', CONSISTENCIES);
	return {
		// The next item needs the image of the one before.
		concurrency: consistency ? 1 : run.numberOrDefault('requestsInParallel'),
		imagesPerMinute: run.numberOrDefault('imagesPerMinute'),
		maxCost: run.number('maxCost'),
		consistency,
	};
}
