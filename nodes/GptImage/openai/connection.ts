import { createHash } from 'crypto';
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { familyOf, type LookUpModel } from '../models/catalogue';
import { Redactor } from '../errors/redact';
import { OPENAI_URL, readBaseUrl } from './baseUrl';

export const CREDENTIAL_TYPE = 'openAiImagesApi';

/** Shorter texts are parts of ordinary words. */
const SHORTEST_SECRET = 6;

type CredentialContext = Pick<IExecuteFunctions, 'getCredentials' | 'getNode'>;

/** Where the API is, from the credential. */
export interface Connection {
	/** Without a slash at the end. */
	baseUrl: string;
	/** It is OpenAI itself, not Azure or a gateway. */
	isOpenAi: boolean;
	/** A hash of the credential's contents: equal for equal ones, and nothing can be read out of it. */
	identity: string;
	/** n8n's own restriction of the credential to some hosts, where it is set. */
	allowedDomains?: string;
	/** What is known of a model; nothing on Azure, where it names a deployment that may be called anything. */
	lookUpModel: LookUpModel;
	/** Takes secrets out of texts before they get into any output. */
	redactor: Redactor;
}

/**
 * Reads where the API is from the node's credential.
 *
 * @throws NodeOperationError when the Base URL cannot be one; what n8n throws when the node has no credential
 */
export async function readConnection(context: CredentialContext): Promise<Connection> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const text = (name: string) => String(credential[name] ?? '').trim();
	const isAzure = credential.kind === 'azure';
	const secrets = ['apiKey', 'headerSecret', 'organizationId', 'projectId'].map(text);
	const baseUrl = baseUrlOf(context, text('baseUrl'), isAzure);
	return {
		baseUrl,
		isOpenAi: baseUrl === OPENAI_URL,
		identity: createHash('sha256').update(JSON.stringify(credential)).digest('base64'),
		lookUpModel: isAzure ? () => undefined : familyOf,
		redactor: new Redactor(secrets.filter((secret) => secret.length >= SHORTEST_SECRET)),
		...(credential.allowedHttpRequestDomains === 'domains' && {
			allowedDomains: text('allowedDomains'),
		}),
	};
}

function baseUrlOf(context: CredentialContext, value: string, isAzure: boolean): string {
	const found = readBaseUrl(value, isAzure);
	if ('url' in found) return found.url;
	throw new NodeOperationError(context.getNode(), found.problem, { description: found.remedy });
}
