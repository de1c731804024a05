import type {
	IDataObject,
	IExecuteFunctions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { withoutItemLabel } from '../../errors/parameterError';
import { sizeText } from '../scan/facts';
import type { MadeImage } from './items';

/**
 * @returns the node's name when an AI agent has called it as a tool; n8n gives tools a type of their own, and marks
 *   them when an agent runs them (n8n-core `requests-response.ts`)
 */
export function agentToolOf(context: Pick<IExecuteFunctions, 'getNode'>): string | undefined {
	const { name, type, rewireOutputLogTo } = context.getNode();
	return type.endsWith('Tool') || rewireOutputLogTo === 'ai_tool' ? name : undefined;
}

/**
 * @returns whether failures come out as items: AI Agent 2 tells its model nothing of an error that is thrown
 *   (LangChain's `AgentExecutor`), AI Agent 3 tells both alike
 */
export function isToldAsResult(context: Pick<IExecuteFunctions, 'getNode'>): boolean {
	return agentToolOf(context) !== undefined && context.getNode().onError !== 'stopWorkflow';
}

/** An agent sees the message of an error only, so the remedy goes there; it knows of no items. */
export function forAgent<NodeError extends NodeApiError | NodeOperationError>(
	context: IExecuteFunctions,
	error: NodeError,
): NodeError {
	if (agentToolOf(context) === undefined) return error;
	const message = withoutItemLabel(error.message);
	const remedy = error.description ?? '';
	error.message = message.endsWith(remedy) ? message : `${message}. ${remedy}`;
	return error;
}

/**
 * What an AI agent is told about an image it had made: it pays for each word, and sees no file.
 *
 * @param field binary field that has the image
 * @param node the node's name
 */
export function describeForAgent(
	{ stored, index, link, file, facts }: MadeImage,
	field: string,
	node: string,
): IDataObject {
	const { binary, format, dimensions } = stored;
	const { request, cost } = facts;
	const size = dimensions && sizeText(dimensions);
	const kind = facts.isPlaceholder ? 'A placeholder for image' : 'Image';
	const done = facts.operation === 'edit' ? 'edited' : 'generated';
	return {
		result: `${kind} ${index + 1} was ${done} with ${String(request.model)}: ${format.name.toUpperCase()}${size ? `, ${size} pixels` : ''}.`,
		fileName: binary.fileName,
		...link,
		...file,
		keepRestError: stored.keepRestError,
		costInUsd: cost,
		storedIn: `binary field ${field} of node ${node}`,
		next: [
			link
				? `Give the user the url; it works until ${link.urlExpiresAt}.`
				: 'There is no link to give: the tool has no Temporary Link, or this n8n cannot sign links. Tell the user that the image is made.',
			...(file?.fileId === undefined
				? []
				: [`To change the image, call a tool that edits images with its File ID, ${file.fileId}.`]),
			'Do not call again unless another image is wanted.',
		].join(' '),
	};
}
