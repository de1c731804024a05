import { jsonParse } from 'n8n-workflow';

/**
 * The value that n8n stores as text of the npm package `flatted`: a list of values, in which each
 * string inside an object or array is the number of the value that belongs there. References to
 * what lies around them (which make it a circle) do not occur in executions.
 * @returns undefined for an empty list: nothing is stored yet
 */
export function fromFlatted<T>(text: string): T | undefined {
	const values = jsonParse<unknown[]>(text);
	if (values.length === 0) return undefined;
	const whole = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(inner);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each)]));
	};
	const inner = (value: unknown) =>
		typeof value === 'string' ? whole(values[Number(value)]) : value;
	// Types are gone in JSON; the caller knows what n8n stored.
	return jsonParse<T>(JSON.stringify(whole(values[0])));
}
