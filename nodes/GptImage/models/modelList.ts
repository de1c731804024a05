import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { CREDENTIAL_TYPE, readConnection } from '../openai/connection';
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
	const { baseUrl, allowedDomains, lookUpModel } = await readConnection(this);
	const response: { data?: IDataObject[] } = await this.helpers.httpRequestWithAuthentication.call(
		this,
		CREDENTIAL_TYPE,
		{
			url: `${baseUrl}/models`,
			json: true,
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			...(allowedDomains !== undefined && { allowedDomains }),
		},
	);
	const today = new Date(Date.now()).toISOString().slice(0, 10);
	const wanted = (filter ?? '').trim().toLowerCase();
	const models = (response.data ?? [])
		.map(toModel)
		.filter(({ id }) => /image|dall-e/.test(id))
		.filter(({ shutdownDate }) => !shutdownDate || shutdownDate > today)
		.sort((a, b) => b.created - a.created || a.id.localeCompare(b.id));
	return {
		results: models
			.map(({ id, shutdownDate }) => ({
				name: modelName(id, lookUpModel(id), shutdownDate),
				value: id,
			}))
			.filter(({ name }) => name.toLowerCase().includes(wanted)),
	};
}

function toModel(entry: IDataObject): Model {
	const id = String(entry.id ?? '');
	const told = entry.shutdown_date;
	return {
		id,
		created: Number(entry.created ?? 0),
		shutdownDate: typeof told === 'string' ? told : familyOf(id)?.shutdown?.date,
	};
}
