import './environment';
import type { ICredentialType, INode, INodeType, INodeTypes } from 'n8n-workflow';
import { OpenAiImagesApi } from '../../credentials/OpenAiImagesApi.credentials';
// With its extension: without, tsx takes GptImage.node.json for it.
import { GptImage } from '../../nodes/GptImage/GptImage.node.js';
import { GptImageTrigger } from '../../nodes/GptImage/GptImageTrigger.node.js';

/** The name n8n knows the package by; node types are `<package>.<node>`. */
export const packageName = 'n8n-nodes-gpt-image';

/** The package's nodes and credential, from the sources. */
export const gptImage: INodeType = new GptImage();
export const gptImageTrigger: INodeType = new GptImageTrigger();
export const openAiImagesApi: ICredentialType = new OpenAiImagesApi();

/** A registry that knows one node type, whatever name it is asked for. */
export function onlyType(nodeType: INodeType): INodeTypes {
	return {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
}

/** A node of the type as the editor creates it: newest version, all its credentials chosen. */
export function newNode({ description }: INodeType, withCredentials: boolean): INode {
	const { defaults, displayName, version, credentials = [] } = description;
	return {
		id: 'node',
		name: String(defaults.name ?? displayName),
		type: `${packageName}.${description.name}`,
		typeVersion: description.defaultVersion ?? [version].flat().at(-1) ?? 1,
		position: [0, 0],
		parameters: {},
		...(withCredentials && {
			credentials: Object.fromEntries(
				credentials.map(({ name }) => [name, { id: 'credential', name: 'Account' }]),
			),
		}),
	};
}
