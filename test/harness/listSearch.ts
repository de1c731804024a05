import { workflowId } from './binary';
import { LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type INodeListSearchResult,
	type INodeParameters,
} from 'n8n-workflow';
import { additionalData } from './additionalData';
import { EngineCredentials } from './credentials';
import { gptImage, newNode, onlyType, openAiImagesApi } from './package';

export interface ListSearch {
	credentials?: ICredentialDataDecryptedObject;
	/** What the user typed into the list. */
	filter?: string;
	paginationToken?: string;
	/** The parameters in the panel at that moment. */
	parameters?: INodeParameters;
	/** The field whose list is opened. */
	path?: string;
}

/** Asks GptImage for the entries of a resource locator's list, as the editor does. Throws what the method throws. */
export async function runListSearch(
	method: string,
	{ credentials, filter, paginationToken, parameters = {}, path = 'model' }: ListSearch = {},
): Promise<INodeListSearchResult> {
	const search = gptImage.methods?.listSearch?.[method];
	if (!search) throw new Error(`The node has no listSearch method "${method}"`);
	const node = { ...newNode(gptImage, credentials !== undefined), parameters };
	const workflow = new Workflow({
		id: workflowId,
		active: false,
		nodes: [node],
		connections: {},
		nodeTypes: onlyType(gptImage),
	});
	const data = additionalData(
		new EngineCredentials(() => openAiImagesApi, credentials),
		'internal',
	);
	data.currentNodeParameters = node.parameters;
	const context = new LoadOptionsContext(workflow, node, data, `parameters.${path}`);
	return await search.call(context, filter, paginationToken);
}
