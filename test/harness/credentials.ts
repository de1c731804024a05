import './environment';
import { Credentials } from 'n8n-core';
import {
	ICredentialsHelper,
	jsonParse,
	NodeHelpers,
	UnexpectedError,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IRequestOptionsSimplified,
} from 'n8n-workflow';

/**
 * n8n's credentials helper without its database: one decrypted credential, completed with the
 * defaults of its type and applied to requests by the type's own `authenticate` function.
 */
export class EngineCredentials extends ICredentialsHelper {
	constructor(
		private readonly typeOf: (name: string) => ICredentialType,
		private readonly data: ICredentialDataDecryptedObject = {},
		/** Of other credential types, by their names. */
		private readonly others: Record<string, ICredentialDataDecryptedObject> = {},
	) {
		super();
	}

	override getParentTypes(): string[] {
		return [];
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}

	override getCredentialsProperties(type: string): INodeProperties[] {
		return this.typeOf(type).properties;
	}

	override async getCredentials({ id, name }: INodeCredentialsDetails, type: string) {
		return new Credentials({ id, name }, type, '');
	}

	override async getDecrypted(_: unknown, _details: INodeCredentialsDetails, type: string) {
		return withDefaults(this.typeOf(type), this.others[type] ?? this.data);
	}

	override async preAuthentication() {
		return undefined;
	}

	override async runPreAuthentication() {
		return undefined;
	}

	override async updateCredentials() {}

	override async updateCredentialsOauthTokenData() {}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.typeOf(typeName);
		if (typeof authenticate !== 'function' || !('url' in request)) {
			throw new UnexpectedError(`${typeName} has no authenticate function`);
		}
		return await authenticate(credentials, request);
	}
}

/** The credential as n8n hands it to nodes: every field left alone has its default. */
export function withDefaults(
	{ properties }: ICredentialType,
	data: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
	const given = jsonParse<INodeParameters>(JSON.stringify({ ...shown(properties, data), ...data }));
	const known = NodeHelpers.getNodeParameters(properties, given, true, false, null, null);
	return jsonParse<ICredentialDataDecryptedObject>(JSON.stringify(known));
}

/** Nobody can fill in a field that is not shown: the switch that shows more is on where something else is given. */
function shown(properties: INodeProperties[], data: ICredentialDataDecryptedObject) {
	const hasSwitch = properties.some(({ name }) => name === 'hasMore');
	return hasSwitch ? { hasMore: Object.keys(data).some((name) => name !== 'apiKey') } : {};
}
