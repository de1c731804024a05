import type { IDataObject } from 'n8n-workflow';

export type Value = IDataObject[string];

export function isRecord(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rows of a fixedCollection, or of another list inside an object. */
export function rowsOf(value: unknown, name: string): IDataObject[] {
	const rows = isRecord(value) ? value[name] : undefined;
	return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

/** What stands under a name with dots in it; `undefined` where there is nothing. */
export function get(json: IDataObject, name: string): Value {
	return name
		.split('.')
		.reduce<Value>((value, part) => (isRecord(value) ? value[part] : undefined), json);
}
