import type { IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { quote } from '../../errors/quote';
import { isRecord } from '../../values';
import { labelOf } from '../fields/collection';
import type { Field, NameOf } from '../fields/field';
import { recordSource, type Source } from './panelSource';

/** Longer than any choice of a list. */
const MOST_CHOICE = 256;

/** What a text may be. */
export interface TextRule {
	/** Most characters. */
	most?: number;
	/** What to do when it is empty. */
	ifEmpty?: string;
}

/**
 * The values of fields for one item, by names the compiler knows. Names in the panel, limits and defaults are those of
 * the fields. An expression that finds nothing never counts as an option that was not set.
 */
export class FieldValues<Declared extends Field> {
	constructor(
		private readonly context: Pick<IExecuteFunctions, 'getNode'>,
		private readonly itemIndex: number,
		private readonly fields: readonly Declared[],
		private readonly source: Source,
		/** What they stand under, where their names alone do not tell. */
		private readonly place?: string,
	) {}

	/** @returns whether a field that can be left out was added */
	isSet(name: NameOf<Declared>): boolean {
		return this.source.has(name);
	}

	/**
	 * @returns the value as it is, e.g. a name or a binary object; `undefined` when it was not set
	 * @throws NodeOperationError that names the field, when it was set and is empty
	 */
	value(name: NameOf<Declared>, ifEmpty = this.emptyRemedy): unknown {
		if (!this.source.has(name)) return undefined;
		const value = this.source.get(name);
		if (!isEmpty(value)) return value;
		throw this.error(name, 'is empty', ifEmpty);
	}

	/**
	 * @returns a text; a number or a boolean of an expression becomes text
	 * @throws NodeOperationError that names the field, when it is empty or too long, or an object or a list
	 */
	text(name: TextName<Declared>, rule: TextRule = {}): string | undefined {
		return this.source.has(name) ? this.required(name, rule) : undefined;
	}

	/** Like `text`, for a field that always has a value. */
	required(name: TextName<Declared>, { most, ifEmpty }: TextRule = {}): string {
		const value = this.value(name, ifEmpty);
		const label = this.label(name);
		if (typeof value === 'object') {
			throw this.error(
				name,
				`is ${quote(value)}`,
				`Set ${label} to text. An expression gives an object or a list here; take one of its fields.`,
			);
		}
		const text = String(value);
		const isChoice = this.declared(name)?.type === 'options';
		const limit = most ?? (isChoice ? MOST_CHOICE : Infinity);
		if (text.length <= limit) return text;
		throw this.error(
			name,
			`is ${quote(text)}`,
			`Set ${label} to a text of at most ${limit} characters.`,
		);
	}

	/** Like `text`, for a field that may be left blank; an expression that finds nothing does not count as blank. */
	textOrBlank(name: NameOf<Declared, 'string'>, rule: TextRule = {}): string | undefined {
		if (!this.source.has(name)) return undefined;
		return this.source.get(name) === '' ? undefined : this.text(name, rule);
	}

	/** @throws NodeOperationError that names the field, when it is neither true nor false */
	flag(name: NameOf<Declared, 'boolean'>): boolean {
		const value = this.value(name) ?? this.fallback(name);
		if (value === true || value === 'true') return true;
		if (value === false || value === 'false') return false;
		const label = this.label(name);
		throw this.error(name, `is ${quote(value)}`, `Set ${label} to true or false.`);
	}

	/**
	 * @param isUnlimited take numbers above the field's limit, where others than OpenAI may decide
	 * @throws NodeOperationError that names the field, when it is not a number or out of its range
	 */
	number(name: NameOf<Declared, 'number'>, isUnlimited = false): number | undefined {
		const value = this.value(name);
		return value === undefined ? undefined : this.checkNumber(name, value, isUnlimited);
	}

	/** Like `number`, for a field whose default holds when it is not added. */
	numberOrDefault(name: NameOf<Declared, 'number'>): number {
		return this.number(name) ?? Number(this.fallback(name));
	}

	/** @throws NodeOperationError that names the field, when it is not one of these */
	oneOf<Choice extends string | number>(
		name: NameOf<Declared, 'options'>,
		choices: readonly Choice[],
	): Choice | undefined {
		const value = this.value(name);
		if (value === undefined) return undefined;
		const choice = choices.find((one) => one === value || String(one) === value);
		if (choice !== undefined) return choice;
		throw this.error(
			name,
			`is ${quote(value)}`,
			`Set ${this.label(name)} to ${choices.join(', ')}.`,
		);
	}

	/**
	 * @returns the fields of a group that was added
	 * @throws NodeOperationError that names the field, when nothing is in it
	 */
	group<Member extends Field>(
		name: NameOf<Declared, 'fixedCollection'>,
		row: string,
		members: readonly Member[],
	): FieldValues<Member> | undefined {
		const value = this.value(name);
		if (value === undefined) return undefined;
		const found = isRecord(value) ? value[row] : undefined;
		if (isRecord(found)) return this.inner(members, found, this.label(name));
		throw this.error(name, `is ${quote(value)}`, this.emptyRemedy);
	}

	/**
	 * @returns the rows of a list, none when it was not set
	 * @param place what messages say its fields stand under
	 * @throws NodeOperationError that names the field, when it is not a list
	 */
	rows<Member extends Field>(
		name: NameOf<Declared, 'fixedCollection'>,
		row: string,
		members: readonly Member[],
		place?: string,
	): Array<FieldValues<Member>> {
		if (!this.source.has(name)) return [];
		const value = this.source.get(name);
		const found = isRecord(value) ? (value[row] ?? []) : value;
		// A list of one row may come as the row itself.
		const list = isRecord(found) ? [found] : found;
		if (Array.isArray(list) && list.every(isRecord)) {
			return list.map((one) => this.inner(members, one, place));
		}
		throw this.error(name, `is ${quote(value)}`, this.emptyRemedy);
	}

	/** @returns the error for a value of a field that cannot be right */
	error(name: NameOf<Declared>, problem: string, remedy: string): NodeOperationError {
		const place = this.place === undefined ? '' : ` under ${this.place}`;
		return parameterError(
			this.context,
			this.itemIndex,
			`${this.label(name)}${place} ${problem}`,
			remedy,
		);
	}

	private inner<Member extends Field>(
		members: readonly Member[],
		record: Record<string, unknown>,
		place?: string,
	) {
		const source = recordSource(record);
		return new FieldValues(this.context, this.itemIndex, members, source, place);
	}

	private checkNumber(name: NameOf<Declared>, value: unknown, isUnlimited: boolean): number {
		const {
			minValue = -Infinity,
			maxValue,
			numberPrecision,
		} = this.declared(name)?.typeOptions ?? {};
		const most = isUnlimited ? Infinity : (maxValue ?? Infinity);
		const isNumeric =
			typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
		const number = isNumeric ? Number(value) : NaN;
		const isWhole = numberPrecision === 0;
		const isRight = Number.isFinite(number) && (!isWhole || Number.isInteger(number));
		if (isRight && number >= minValue && number <= most) return number;
		const kind = isWhole ? 'a whole number' : 'a number';
		const least = minValue === -Infinity ? '' : ` of at least ${minValue}`;
		const range = most === Infinity ? least : ` from ${minValue} to ${most}`;
		throw this.error(name, `is ${quote(value)}`, `Set ${this.label(name)} to ${kind}${range}.`);
	}

	private fallback(name: string): unknown {
		return this.declared(name)?.default;
	}

	private get emptyRemedy(): string {
		return this.source.isOptional
			? 'Check that its expression finds a value, or remove the option.'
			: 'Enter a value. If it comes from an expression, check that the expression finds one.';
	}

	private label(name: string): string {
		return labelOf(this.fields, name) ?? name;
	}

	private declared(name: string): Declared | undefined {
		return this.fields.find((field) => field.name === name);
	}
}

/** Fields that may be read as text. */
type TextName<Declared extends Field> = NameOf<Declared, 'string' | 'options' | 'resourceLocator'>;

const isEmpty = (value: unknown) =>
	value === undefined ||
	value === null ||
	(typeof value === 'string' && value.trim() === '') ||
	(isRecord(value) && Object.keys(value).length === 0);
