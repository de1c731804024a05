import type { IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../../values';

/**
 * Tells whether an item's JSON may name a file of n8n's store: JSON may come from a stranger, who must not choose
 * among the files of others. A file of this workflow may be named, as the names are random and nobody can guess one.
 *
 * @param id as n8n writes it, e.g. `filesystem-v2:workflows/<id>/executions/<id>/binary_data/<uuid>`
 */
export function isOfThisWorkflow(context: IExecuteFunctions, id: string): boolean {
	const path = id.slice(id.indexOf(':') + 1).split('/');
	const [workflows, workflow, executions, execution = '', data, file = ''] = path;
	return (
		path.length === 6 &&
		workflows === 'workflows' &&
		workflow === String(context.getWorkflow().id) &&
		executions === 'executions' &&
		data === 'binary_data' &&
		/^[\w-]+$/.test(execution) &&
		/^[\w-]+$/.test(file)
	);
}

/**
 * Tells whether an expression may name a file of n8n's store: what it finds may be JSON from a stranger, too.
 * Files of this workflow may be named, those that nodes before this one have, and those of stores that keep
 * nothing but a random name (a database), where no other can be guessed.
 */
export function mayBeNamed(context: IExecuteFunctions, itemIndex: number, id: string): boolean {
	return (
		hasFile(context.getInputData(), id) ||
		isOfThisWorkflow(context, id) ||
		/^[a-z][\w-]*:[\w-]+$/.test(id) ||
		isOfNodeBefore(context, itemIndex, id)
	);
}

function hasFile(items: unknown, id: string): boolean {
	if (!Array.isArray(items)) return false;
	return items.some((item) => {
		const files: unknown = isRecord(item) ? item.binary : undefined;
		return isRecord(files) && Object.values(files).some((file) => isRecord(file) && file.id === id);
	});
}

/** A sub-workflow has files of the workflow that called it; a tool has those that its agent was given. */
function isOfNodeBefore(context: IExecuteFunctions, itemIndex: number, id: string): boolean {
	const { name } = context.getNode();
	const above = [name, ...context.getChildNodes(name).map((node) => node.name)];
	const before = new Set(
		above.flatMap((node) => context.getParentNodes(node)).map((node) => node.name),
	);
	const proxy = context.getWorkflowDataProxy(itemIndex);
	return [...before].some((node) => hasFile(itemsOf(proxy, node), id));
}

function itemsOf(
	proxy: ReturnType<IExecuteFunctions['getWorkflowDataProxy']>,
	node: string,
): unknown {
	try {
		return proxy.$items(node);
	} catch {
		// The node was not run.
		return undefined;
	}
}
