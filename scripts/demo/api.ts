import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { startSimulator } from '../../test/simulator';

/** What the demo talks to. */
export interface DemoApi {
	name: string;
	credentials: ICredentialDataDecryptedObject;
	close(): Promise<void>;
}

/** OpenAI's own API, or a gateway in front of it; requests are billed to the key. */
export function liveApi(apiKey: string, address = 'https://api.openai.com/v1'): DemoApi {
	const baseUrl = address.replace(/\/+$/, '');
	return { name: baseUrl, credentials: { apiKey, baseUrl }, close: async () => {} };
}

/**
 * A simulator of the API, started on this machine; each image takes a moment, as the real ones do.
 * @param port of 127.0.0.1. Default: any free one
 * @param clockSpeed how many seconds pass for files and batches in one real second. Default: one
 */
export async function simulatedApi({
	port,
	clockSpeed,
}: { port?: number; clockSpeed?: number } = {}): Promise<DemoApi> {
	const { url, apiKey, close } = await startSimulator({ delayMs: 300, port, clockSpeed });
	return { name: `simulator at ${url}`, credentials: { apiKey, baseUrl: url }, close };
}
