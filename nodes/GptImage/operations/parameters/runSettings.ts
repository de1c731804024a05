import type { IExecuteFunctions } from 'n8n-workflow';
import { MAX_METADATA_CHARACTERS } from '../../openai/batches';
import { CONSISTENCIES, type Consistency } from '../fields/choices';
import { deliveryField, DELIVERIES } from '../fields/delivery';
import { FieldValues } from './fieldValues';
import { readOptions } from './options';
import { panelSource } from './panelSource';

/** How requests become batches. */
export interface BatchSettings {
	/** Most requests of one. */
	requestsPerBatch: number;
	/** `undefined` for the workflow's. */
	name?: string;
}

/** What holds for all items of a run; read from the first. */
export interface RunSettings {
	concurrency: number;
	/** 0 for no limit. */
	imagesPerMinute: number;
	/** USD; `undefined` for as much as it takes. */
	maxCost?: number;
	/** The requests go out as batches; `undefined` when the images are waited for. */
	batch?: BatchSettings;
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
	const panel = new FieldValues(context, 0, [deliveryField], panelSource(context, 0));
	const isBatch = panel.oneOf('delivery', DELIVERIES) === 'batch';
	const consistency = image.oneOf('consistency', CONSISTENCIES);
	return {
		// The next item needs the image of the one before.
		concurrency: consistency ? 1 : run.numberOrDefault('requestsInParallel'),
		imagesPerMinute: run.numberOrDefault('imagesPerMinute'),
		maxCost: run.number('maxCost'),
		batch: isBatch
			? {
					requestsPerBatch: run.numberOrDefault('requestsPerBatch'),
					name: run.textOrBlank('batchName', { most: MAX_METADATA_CHARACTERS })?.trim(),
				}
			: undefined,
		consistency,
	};
}
