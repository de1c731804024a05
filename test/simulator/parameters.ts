import { badRequest } from './apiError';

/** Parameters as they came; in a form every value is a string. */
export type RawParameters = Record<string, unknown>;

/** `'a', 'b', and 'c'` */
function listed(values: readonly string[]): string {
	const quoted = values.map((value) => `'${value}'`);
	const last = quoted.pop() ?? '';
	if (quoted.length === 0) return last;
	return `${quoted.join(', ')}${quoted.length > 1 ? ',' : ''} and ${last}`;
}

function kind(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'an array';
	if (typeof value === 'object') return 'an object';
	if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
	return `a ${typeof value}`;
}

/** 400 `invalid_type`. */
export function wrongType(name: string, expected: string, value: unknown) {
	return badRequest(
		`Invalid type for '${name}': expected ${expected}, but got ${kind(value)} instead.`,
		name,
		'invalid_type',
	);
}

/** 400 `missing_required_parameter`. */
export function missing(name: string) {
	return badRequest(`Missing required parameter: '${name}'.`, name, 'missing_required_parameter');
}

/** The numbers and booleans of a form, which are written as text there. */
export function fromForm(fields: RawParameters): RawParameters {
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => {
			if (INTEGERS.has(name) && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) {
				return [name, Number(value)];
			}
			if (name === 'stream' && (value === 'true' || value === 'false')) {
				return [name, value === 'true'];
			}
			return [name, value];
		}),
	);
}

const INTEGERS = new Set([
	'n',
	'output_compression',
	'partial_images',
	'frame_count',
	'frame_duration_ms',
]);

/** A string parameter; null counts as omitted. @throws ApiError 400 */
export function text(raw: RawParameters, name: string, max: number): string | undefined {
	const value = raw[name] ?? undefined;
	if (value === undefined) return undefined;
	if (typeof value !== 'string') throw wrongType(name, 'a string', value);
	// Counted in characters, not in UTF-16 units.
	const length = value.length > max ? [...value].length : value.length;
	if (length > max) {
		throw badRequest(
			`Invalid '${name}': string too long. Expected a string with maximum length ${max}, but got a string with length ${length} instead.`,
			name,
			'string_above_max_length',
		);
	}
	return value;
}

/** An integer parameter within bounds; null counts as omitted. @throws ApiError 400 */
export function integer(
	raw: RawParameters,
	name: string,
	min: number,
	max: number,
): number | undefined {
	const value = raw[name] ?? undefined;
	if (value === undefined) return undefined;
	if (typeof value !== 'number' || !Number.isInteger(value)) {
		throw wrongType(name, 'an integer', value);
	}
	if (value < min) {
		throw badRequest(
			`Invalid '${name}': integer below minimum value. Expected a value >= ${min}, but got ${value} instead.`,
			name,
			'integer_below_min_value',
		);
	}
	if (value > max) {
		throw badRequest(
			`Invalid '${name}': integer above maximum value. Expected a value <= ${max}, but got ${value} instead.`,
			name,
			'integer_above_max_value',
		);
	}
	return value;
}

/** A boolean parameter; null counts as omitted. @throws ApiError 400 */
export function boolean(raw: RawParameters, name: string): boolean | undefined {
	const value = raw[name] ?? undefined;
	if (value === undefined || typeof value === 'boolean') return value;
	throw wrongType(name, 'a boolean', value);
}

/** A parameter with fixed values; null counts as omitted. @throws ApiError 400 */
export function oneOf<T extends string>(
	raw: RawParameters,
	name: string,
	values: readonly T[],
	label = name,
): T | undefined {
	const value = raw[name] ?? undefined;
	if (value === undefined) return undefined;
	if (typeof value !== 'string') throw wrongType(label, `one of ${listed(values)}`, value);
	const found = values.find((candidate) => candidate === value);
	if (found === undefined) {
		throw badRequest(
			`Invalid value: '${value}'. Supported values are: ${listed(values)}.`,
			label,
			'invalid_value',
		);
	}
	return found;
}

/** @throws ApiError 400 `unknown_parameter` for the first name that is not known */
export function rejectUnknown(raw: RawParameters, known: ReadonlySet<string>, prefix = ''): void {
	const name = Object.keys(raw).find((key) => !known.has(key));
	if (name === undefined) return;
	const full = prefix + name;
	throw badRequest(`Unknown parameter: '${full}'.`, full, 'unknown_parameter');
}
