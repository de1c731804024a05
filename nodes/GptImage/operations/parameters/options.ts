import type { IExecuteFunctions } from 'n8n-workflow';
import type { Collection } from '../fields/collection';
import type { Field } from '../fields/field';
import { imageOptions } from '../fields/imageOptions';
import { maskFields } from '../fields/mask';
import { outputOptions } from '../fields/outputOptions';
import { runOptions } from '../fields/runOptions';
import { FieldValues } from './fieldValues';
import { collectionSource, firstOf, onlySource, type Source } from './panelSource';

/** The options of one item, by purpose. */
export interface ItemOptions {
	/** What the image is to be. */
	image: FieldValues<(typeof imageOptions)['options'][number]>;
	/** A mask that stands among the Run Options. */
	mask: FieldValues<(typeof maskFields)[number]>;
	/** What becomes of the image. */
	output: FieldValues<(typeof outputOptions)['options'][number]>;
	/** How the images are asked for. */
	run: FieldValues<(typeof runOptions)['options'][number]>;
}

/**
 * Each option is found in its own collection. The last one, Run Options, takes those of the others, too, as workflows
 * have them that were not made in the panel.
 *
 * @throws NodeOperationError when options are given by an expression that finds none
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): ItemOptions {
	const sourceOf = (collection: Collection, known: readonly Field[]) =>
		collectionSource(context, itemIndex, collection, [...new Set(known.map(({ name }) => name))]);
	const values = <Option extends Field>(fields: readonly Option[], source: Source) =>
		new FieldValues(context, itemIndex, fields, source);
	const count = onlySource(context, itemIndex, 'n');
	const image = sourceOf(imageOptions, imageOptions.options);
	const output = sourceOf(outputOptions, outputOptions.options);
	const run = sourceOf(runOptions, [
		...runOptions.options,
		...imageOptions.options,
		...outputOptions.options,
		...maskFields,
	]);
	return {
		image: values(imageOptions.options, firstOf(image, run, count)),
		mask: values(maskFields, run),
		output: values(outputOptions.options, firstOf(output, run)),
		run: values(runOptions.options, run),
	};
}
