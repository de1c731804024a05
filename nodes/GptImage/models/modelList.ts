import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { BOUNDS } from '../bounds';
import type { Redactor } from '../errors/redact';
import { toNodeError } from '../errors/toNodeError';
import { readConnection } from '../openai/connection';
import { getJson } from '../openai/getJson';
import { isRecord } from '../values';
import { familyOf } from './catalogue';
import { modelName } from './modelName';

interface Model {
	id: string;
	/** Epoch seconds. */
	created: number;
	/** YYYY-MM-DD */
	shutdownDate?: string;
}

/**
 * Fills the model list of the panel from `GET /models`: image models only, newest first, with what they are for, what an
 * image costs and the day they shut down; those already shut down are left out.
 *
 * @param filter what the user typed
 * @throws NodeApiError when the API cannot be asked
 */
export async function listModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const connection = await readConnection(this);
	const { lookUpModel, redactor } = connection;
	const entries = await getJson(this, connection, '/models', BOUNDS.modelListBytes).then(
		({ data }) => {
			const list: unknown[] = Array.isArray(data) ? data : [];
			return list;
		},
		(problem: unknown) => {
			throw toNodeError(this, problem, undefined, redactor);
		},
	);
	const today = new Date(Date.now()).toISOString().slice(0, 10);
	const wanted = (filter ?? '').trim().toLowerCase();
	const models = entries
		.flatMap((entry) => toModel(entry, redactor) ?? [])
		.filter(({ id }) => /image|dall-e/.test(id))
		.filter(({ shutdownDate }) => !shutdownDate || shutdownDate > today)
		.sort((a, b) => b.created - a.created || a.id.localeCompare(b.id));
	return {
		results: models
			.map(({ id, shutdownDate }) => ({
				name: modelName(id, lookUpModel(id), shutdownDate),
				value: id,
			}))
			.filter(({ name }) => name.toLowerCase().includes(wanted))
			.slice(0, BOUNDS.models),
	};
}

/** @returns a model of the list; `undefined` when its ID cannot be one, or must not be shown */
function toModel(entry: unknown, redactor: Redactor): Model | undefined {
	if (!isRecord(entry)) return undefined;
	const { id, created, shutdown_date: told } = entry;
	// An ID is sent as it stands, so one that would have to be changed to be shown is left out.
	if (typeof id !== 'string' || id === '' || redactor.name(id) !== id) return undefined;
	const isDay = typeof told === 'string' && /^\d{4}-\d\d-\d\d$/.test(told);
	return {
		id,
		created: typeof created === 'number' && Number.isFinite(created) ? created : 0,
		shutdownDate: isDay ? told : familyOf(id)?.shutdown?.date,
	};
}
