import type { IExecuteFunctions } from 'n8n-workflow';
import type { Collection } from '../fields/collection';
import { imageOptions } from '../fields/imageOptions';
import { outputOptions } from '../fields/outputOptions';
import { runOptions } from '../fields/runOptions';
import { FieldValues } from './fieldValues';
import { collectionSource } from './source';

/** The options of one item, by purpose. */
export interface ItemOptions {
	/** What the image is to be. */
	image: FieldValues<(typeof imageOptions)['options'][number]>;
	/** What becomes of the image. */
	output: FieldValues<(typeof outputOptions)['options'][number]>;
	/** How the images are asked for. */
	run: FieldValues<(typeof runOptions)['options'][number]>;
}

/** @throws NodeOperationError when options are given by an expression that finds none */
export function readOptions(context: IExecuteFunctions, itemIndex: number): ItemOptions {
	const values = <Option extends Collection['options'][number]>(collection: Collection<Option>) =>
		new FieldValues(
			context,
			itemIndex,
			collection.options,
			collectionSource(context, itemIndex, collection),
		);
	return {
		image: values(imageOptions),
		output: values(outputOptions),
		run: values(runOptions),
	};
}
