import './environment';
import { PackageDirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	type ICredentialType,
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
} from 'n8n-workflow';
import { repositoryRoot } from '../node';
import { packageName } from './package';
import { standIns } from './standIns';
import { credentialTypes } from './standIns/credentials';
import { asTool } from './tool';

let builtPackage: Promise<PackageDirectoryLoader> | undefined;

/** The built package, loaded once by n8n's own loader. Throws when `dist/` is missing or broken. */
async function loadBuiltPackage(): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(repositoryRoot);
	await loader.loadAll();
	return loader;
}

/** The node types of a workflow: the built package, the stand-ins for n8n's own nodes, and `extra`. */
export class EngineNodeTypes implements INodeTypes {
	private constructor(
		private readonly loader: PackageDirectoryLoader,
		private readonly others: Record<string, INodeType>,
	) {}

	static async load(extra: Record<string, INodeType> = {}): Promise<EngineNodeTypes> {
		builtPackage ??= loadBuiltPackage();
		return new EngineNodeTypes(await builtPackage, { ...standIns, ...extra });
	}

	getByName(type: string): INodeType | IVersionedNodeType {
		const other = this.others[type];
		if (other) return other;
		const [owner, name = ''] = type.split('.');
		if (owner !== packageName) throw new Error(`There is no stand-in for the node type ${type}`);
		const isTool = name.endsWith('Tool');
		const { type: nodeType } = this.loader.getNode(isTool ? name.slice(0, -'Tool'.length) : name);
		return isTool ? asTool(NodeHelpers.getVersionedNodeType(nodeType)) : nodeType;
	}

	getByNameAndVersion(type: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(type), version);
	}

	getKnownTypes() {
		return {};
	}

	credentialType(name: string): ICredentialType {
		return credentialTypes[name] ?? this.loader.getCredential(name).type;
	}
}
