import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { quote } from '../../errors/quote';
import { isRecord } from '../../values';
import type { Collection } from '../fields/collection';

/** Where the values of fields are found, resolved for one item. */
export interface Source {
	/** Fields are added, and can be removed again. */
	isOptional: boolean;
	/** Whether the field was set; one of a collection is not until it was added. */
	has(name: string): boolean;
	/** @throws what n8n throws when an expression cannot be resolved */
	get(name: string): unknown;
}

/** The fields that stand in the panel by themselves: they always have a value. */
export const panelSource = (context: IExecuteFunctions, itemIndex: number): Source => ({
	isOptional: false,
	has: () => true,
	get: (name) => context.getNodeParameter(name, itemIndex),
});

/** A part of a parameter that is resolved already, e.g. a row of a list. */
export const recordSource = (record: Record<string, unknown>, isOptional = false): Source => ({
	isOptional,
	has: (name) => Object.hasOwn(record, name),
	get: (name) => record[name],
});

/** A value is taken from the first of these that has it. */
export const firstOf = (...sources: Source[]): Source => ({
	isOptional: sources.some(({ isOptional }) => isOptional),
	has: (name) => sources.some((source) => source.has(name)),
	get: (name) => sources.find((source) => source.has(name))?.get(name),
});

/** One field that stands in the panel by itself, where it is set. */
export const onlySource = (
	context: IExecuteFunctions,
	itemIndex: number,
	only: string,
): Source => ({
	isOptional: true,
	has: (name) =>
		name === only && context.getNodeParameter(name, itemIndex, '', { rawExpressions: true }) !== '',
	get: (name) => context.getNodeParameter(name, itemIndex),
});

/**
 * A collection of options. Each option is resolved when it is read, so that one whose expression fails does not matter
 * to the others; a collection that is an expression itself is resolved as a whole.
 *
 * @param known the names of all its options
 * @throws NodeOperationError when that expression gives no object, or one with an option that does not exist: it may be
 *   a limit
 */
export function collectionSource(
	context: IExecuteFunctions,
	itemIndex: number,
	collection: Pick<Collection, 'name' | 'displayName'>,
	known: string[],
): Source {
	const { name: parent, displayName } = collection;
	const raw: unknown = context.getNodeParameter(parent, itemIndex, undefined, {
		rawExpressions: true,
	});
	if (isRecord(raw)) {
		return {
			isOptional: true,
			has: (name) => Object.hasOwn(raw, name),
			get: (name) => context.getNodeParameter(`${parent}.${name}`, itemIndex),
		};
	}
	const found: unknown = context.getNodeParameter(parent, itemIndex);
	if (!isRecord(found)) {
		throw parameterError(
			context,
			itemIndex,
			`${displayName} is ${quote(found)}`,
			'Its expression has to give an object with the options by name, e.g. {{ { "maxCost": 1 } }}. Check that it finds one.',
		);
	}
	const unknown = Object.keys(found).find((name) => !known.includes(name));
	if (unknown === undefined) return recordSource(found, true);
	throw parameterError(
		context,
		itemIndex,
		`${displayName} has no option ${quote(unknown)}`,
		`The object has to name options as the node saves them: ${known.join(', ')}.`,
	);
}
