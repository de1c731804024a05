import { NodeHelpers, type INodeType, type IVersionedNodeType } from 'n8n-workflow';
import { path, process } from '../../../test/node';
import type { Step } from '../engine';

/**
 * Makes an instance of a class from one of n8n's own packages.
 *
 * @param module path of the compiled file within its package
 * @param name of the class
 */
export async function instantiate(module: string, name: string): Promise<unknown> {
	// By its full path, because the packages only export what other packages need.
	const loaded: unknown = await import(path.join(process.env.NODE_PATH ?? '', module));
	const found: unknown =
		typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, name) : undefined;
	if (typeof found !== 'function') throw new Error(`${module} has no class ${name}`);
	return Reflect.construct(found, []);
}

/** A step with one of n8n's own nodes in its newest version. */
export async function vendorStep(
	module: string,
	name: string,
	parameters: Step['parameters'],
): Promise<Step> {
	const nodeType = await instantiate(module, name);
	if (!isNodeType(nodeType)) throw new Error(`${name} of ${module} is no node`);
	const { version, defaultVersion } = NodeHelpers.getVersionedNodeType(nodeType).description;
	return { nodeType, parameters, version: defaultVersion ?? [version].flat().at(-1) ?? 1 };
}

function isNodeType(value: unknown): value is INodeType | IVersionedNodeType {
	return typeof value === 'object' && value !== null && 'description' in value;
}
