import {
	NodeHelpers,
	validateNodeCredentials,
	type ICredentialType,
	type INode,
	type INodeTypeDescription,
} from 'n8n-workflow';

import type { WorkflowJson } from '../workflows';

/** What an n8n has. */
export interface Types {
	nodes: INodeTypeDescription[];
	credentials: ICredentialType[];
}

/**
 * What n8n's editor would mark in a workflow, drop from it when it is saved, or have newer: one line
 * for each. Empty when there is nothing.
 */
export function issuesOf({ nodes }: WorkflowJson, types: Types): string[] {
	return nodes.flatMap((node) => nodeIssues(node, types).map((issue) => `${node.name}: ${issue}`));
}

function nodeIssues(node: INode, { nodes, credentials }: Types): string[] {
	const type = nodes.find(
		({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
	);
	if (!type) return [`this n8n has no ${node.type} ${node.typeVersion}`];
	const { defaultVersion = node.typeVersion } = type;
	const { getNodeParameters, getNodeParametersIssues, nodeIssuesToString } = NodeHelpers;
	// The editor fills in the defaults of what a file leaves out.
	const parameters =
		getNodeParameters(type.properties, node.parameters, true, false, node, type) ?? {};
	const issues = getNodeParametersIssues(type.properties, { ...node, parameters }, type);
	return [
		...(defaultVersion === node.typeVersion ? [] : [`${defaultVersion} is the newest version`]),
		...(issues ? nodeIssuesToString(issues, node) : []),
		...validateNodeCredentials(node, { description: type }).map(
			({ displayName, type: problem }) => `${displayName} is ${problem}`,
		),
		// What the node does not have, or does not show with these others, the editor drops.
		...missing(node.parameters, parameters).map((name) => `there is no parameter ${name}`),
		...unknownCredentials(node, type, credentials),
	];
}

/** Paths of what is in `given`, but not the same in `kept`. */
function missing(given: unknown, kept: unknown, path = ''): string[] {
	if (typeof given !== 'object' || given === null) return given === kept ? [] : [path];
	if (typeof kept !== 'object' || kept === null) return [path];
	const others = new Map(Object.entries(kept));
	return Object.entries(given).flatMap(([name, value]) =>
		missing(value, others.get(name), path ? `${path}.${name}` : name),
	);
}

function unknownCredentials(
	{ credentials, parameters }: INode,
	type: INodeTypeDescription,
	all: ICredentialType[],
): string[] {
	const taken = [
		...(type.credentials ?? []).map(({ name }) => name),
		parameters.nodeCredentialType,
	];
	return Object.keys(credentials ?? {})
		.filter((name) => !taken.includes(name) || !all.some((one) => one.name === name))
		.map((name) => `it takes no credential ${name}`);
}
