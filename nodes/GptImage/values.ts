import { jsonParse, type IDataObject } from 'n8n-workflow';

/** Whether a value is an object with members, e.g. of parsed JSON. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns a copy without the members that are `undefined` */
export const omitUndefined = <Value>(record: Record<string, Value>): Record<string, Value> =>
	Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** @returns a copy of what was parsed from JSON, as n8n's items hold it */
export const toDataObject = (parsed: Record<string, unknown>): IDataObject =>
	jsonParse<IDataObject>(JSON.stringify(parsed));

/** @returns the words of whatever was thrown */
export const messageOf = (problem: unknown) =>
	problem instanceof Error ? problem.message : String(problem);

/** @returns e.g. `1 image`, `3 images`, for a noun whose plural ends in s */
export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** @returns ISO 8601 of epoch seconds, as the API tells times; `undefined` for what is no time */
export const timeOf = (seconds: number | undefined) =>
	seconds === undefined || !Number.isFinite(seconds)
		? undefined
		: new Date(Math.max(-LAST_SECOND, Math.min(seconds, LAST_SECOND)) * 1000).toISOString();

/** The last second that a date can tell. */
const LAST_SECOND = 8_640_000_000_000;
