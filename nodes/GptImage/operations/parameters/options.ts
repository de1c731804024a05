import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { optionLabel } from '../fields/options';

/** Where a number of the panel may lie; the panel's own limits do not hold for expressions. */
export interface Range {
	/** The field's name in the panel, for messages. */
	label: string;
	min: number;
	max?: number;
	/** Fractions are allowed. */
	fraction?: boolean;
}

/**
 * A parameter as text; a number of an expression becomes text.
 *
 * @param label the field's name in the panel, for messages
 * @throws NodeOperationError that names the field, when an expression gives an object or a list
 */
export function readText(
	context: IExecuteFunctions,
	name: string,
	label: string,
	itemIndex: number,
): string {
	return checkText(context, context.getNodeParameter(name, itemIndex), label, itemIndex);
}

/**
 * @returns a value of a parameter as text, empty when there is none
 * @throws NodeOperationError that names the field
 */
export function checkText(
	context: IExecuteFunctions,
	value: unknown,
	label: string,
	itemIndex: number,
): string {
	if (value === null || value === undefined) return '';
	if (typeof value !== 'object') return String(value);
	throw parameterError(
		context,
		itemIndex,
		`${label} is ${JSON.stringify(value).slice(0, 100)}`,
		`Set ${label} to text. An expression gives an object or a list here; take one of its fields.`,
	);
}

/**
 * A parameter as a number within its range.
 *
 * @throws NodeOperationError that names the field, when it is no number or out of range
 */
export function readNumber(
	context: IExecuteFunctions,
	name: string,
	range: Range,
	itemIndex: number,
): number {
	return checkNumber(context, context.getNodeParameter(name, itemIndex), range, itemIndex);
}

/** The options that were added in the panel, by name. */
export function readOptions(context: IExecuteFunctions, itemIndex: number): Options {
	const added = context.getNodeParameter('options', itemIndex);
	return new Options(context, itemIndex, typeof added === 'object' && added ? { ...added } : {});
}

/** The Options collection of one item; what was not added is `undefined`. */
export class Options {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		private readonly added: Record<string, unknown>,
	) {}

	/** @returns the value as it is, e.g. a name or a binary object; `undefined` when absent or empty */
	value(name: string): unknown {
		const value = this.added[name];
		return value === '' || value === null ? undefined : value;
	}

	/** @throws NodeOperationError that names the option, when it is an object or a list */
	text(name: string): string | undefined {
		const text = checkText(this.context, this.value(name), optionLabel(name), this.itemIndex);
		return text === '' ? undefined : text;
	}

	/** @throws NodeOperationError that names the option, when it is neither true nor false */
	flag(name: string): boolean {
		const value = this.value(name) ?? false;
		if (value === true || value === 'true') return true;
		if (value === false || value === 'false') return false;
		throw parameterError(
			this.context,
			this.itemIndex,
			`${optionLabel(name)} is ${JSON.stringify(value)}`,
			`Set ${optionLabel(name)} to true or false.`,
		);
	}

	/**
	 * For options that must not get lost.
	 *
	 * @throws NodeOperationError that names the option, when it was added but its expression finds nothing
	 */
	refuseEmpty(name: string) {
		if (!(name in this.added) || this.value(name) !== undefined) return;
		throw parameterError(
			this.context,
			this.itemIndex,
			`${optionLabel(name)} is empty`,
			'Check that the expression finds a value, or remove the option.',
		);
	}

	/** @throws NodeOperationError that names the field, when it is no number or out of range */
	number(name: string, range: Range): number | undefined {
		const value = this.value(name);
		if (value === undefined) return undefined;
		return this.check(value, range);
	}

	/** @throws NodeOperationError that names the field, when the value is no number or out of range */
	check(value: unknown, range: Range): number {
		return checkNumber(this.context, value, range, this.itemIndex);
	}
}

/**
 * @returns a value of a parameter as a number within its range
 * @throws NodeOperationError that names the field
 */
export function checkNumber(
	context: IExecuteFunctions,
	value: unknown,
	{ label, min, max = Infinity, fraction = false }: Range,
	itemIndex: number,
): number {
	const isNumeric = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
	const number = isNumeric ? Number(value) : NaN;
	const isRight = Number.isFinite(number) && (fraction || Number.isInteger(number));
	if (isRight && number >= min && number <= max) return number;
	const kind = fraction ? 'a number' : 'a whole number';
	const limits = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
	throw parameterError(
		context,
		itemIndex,
		`${label} is ${JSON.stringify(value)}`,
		`Set ${label} to ${kind} ${limits}.`,
	);
}
