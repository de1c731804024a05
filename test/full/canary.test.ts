import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { runNode, runWorkflow, storeBinary, useBinaryMode, type WorkflowFile } from '../harness';
import { packageName } from '../harness/package';
import { asText, hear } from './canary/hear';
import { head, startRawServer } from '../support/rawServer';
import { findLeaks, storeText } from './canary/secrets';
import { process } from '../node';
import { startSimulator, type Fault, type Simulator } from '../simulator';
import { picture } from '../support/pictures';
import { asSaved, imagesFrom } from '../support/parameters';

interface Identity {
	/** Fields of the credential that nobody may see. */
	secrets: Record<string, string>;
	credential: ICredentialDataDecryptedObject;
}

/** Secrets are distinct and unmistakable. */
function identity(kind: 'openAi' | 'azure', key: string, others: Record<string, string>): Identity {
	const secrets = { apiKey: key, ...others };
	return { secrets, credential: { kind, headerName: 'X-Gateway-Key', ...secrets } };
}

const openAi = identity('openAi', 'sk-proj-cAnArYkEy0123456789', {
	headerSecret: 'hEaDeR+cAnArY/=?&"9876',
	organizationId: 'org-cAnArYoRg55',
	projectId: 'proj_cAnArYpRoJeCt77',
});

const identities: Array<[string, Identity]> = [
	['OpenAI', openAi],
	[
		'a gateway',
		identity('openAi', 'eyJhbGci.Q0FOQVJZ.k9f8e7d6c5b4', {
			headerSecret: 'gAtEwAy cAnArY token',
			organizationId: 'cAnArY-company',
			projectId: 'cAnArY-project',
		}),
	],
	['Azure', identity('azure', '0f1e2d3c4b5a69788796a5b4c3d2e1f0', { headerSecret: 'aZuReCaNaRy' })],
];

const simulators = new Map<string, Simulator>();

beforeAll(async () => {
	await useBinaryMode('filesystem');
	for (const [name, { secrets }] of identities) {
		const apiKey = secrets.apiKey ?? '';
		simulators.set(name, await startSimulator({ apiKey, draw: 'noise', imageBytes: 3000 }));
	}
});
afterAll(async () => {
	await Promise.all([...simulators.values()].map(async (simulator) => await simulator.close()));
});

/** The request told back as text: what a careless gateway puts into its answers. */
const told = ({ secrets }: Identity) =>
	[
		`authorization: Bearer ${secrets.apiKey}`,
		...Object.values(secrets),
		JSON.stringify(secrets),
		new URLSearchParams(secrets).toString(),
		...Object.values(secrets).map(encodeURIComponent),
		// As in Basic authentication; the length of the name decides how base64 aligns the secret.
		...['', 'a:', 'ab:', 'Bearer '].flatMap((before) =>
			Object.values(secrets).map((secret) => Buffer.from(before + secret).toString('base64')),
		),
	].join('; ');

const errorBody = (text: string) => ({
	error: {
		message: text,
		type: text,
		code: text,
		param: text,
		moderation_details: { moderation_stage: text, categories: [text], [text]: 1 },
	},
});

/** The smallest PNG there is. */
const PIXEL =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What goes wrong, with the secrets in every place where a server can put them. */
const FAULTS: Array<[string, (owner: Identity) => Fault]> = [
	[
		'a success',
		({ secrets: { organizationId = '', projectId = '' } }) => ({
			headers: { 'openai-organization': organizationId, 'openai-project': projectId },
		}),
	],
	[
		'a success that echoes them',
		(owner) => ({
			status: 200,
			headers: { 'x-request-id': Object.values(owner.secrets).join(' ') },
			body: {
				data: [{ b64_json: PIXEL }],
				...Object.fromEntries(
					['created', 'size', 'quality', 'background', 'output_format', 'svg_usage'].map((name) => [
						name,
						told(owner),
					]),
				),
				usage: { input_tokens: 1, details: { said: told(owner) } },
			},
		}),
	],
	['a wrong key', () => ({ code: 'invalid_api_key' })],
	['a rate limit', () => ({ code: 'rate_limit_exceeded', retryAfter: 3600 })],
	['a server fault', () => ({ code: 'server_error', shouldRetry: false })],
	['a refusal', () => ({ code: 'moderation_blocked' })],
	['an echo as error', (owner) => ({ status: 400, body: errorBody(told(owner)) })],
	['an echo as text', (owner) => ({ status: 401, body: { error: told(owner) } })],
	['an echo as web page', (owner) => ({ status: 502, body: `<html>${told(owner)}</html>` })],
	['an echo with status 200', (owner) => ({ status: 200, body: errorBody(told(owner)) })],
	['an echo as page with status 200', (owner) => ({ status: 200, body: `<p>${told(owner)}` })],
	[
		'an echo in the request id',
		({ secrets }) => ({
			status: 500,
			headers: { 'x-request-id': Object.values(secrets).join(' '), 'x-should-retry': 'false' },
		}),
	],
	[
		'a redirect with secrets in the query',
		({ secrets }) => ({
			redirect: `https://example.com/v1?key=${encodeURIComponent(secrets.apiKey ?? '')}#${secrets.apiKey}`,
		}),
	],
	[
		'a redirect with secrets in the path',
		({ secrets }) => ({
			redirect: `https://example.com/${Object.values(secrets).map(encodeURIComponent).join('/')}`,
		}),
	],
	[
		'a redirect with a user and a password',
		({ secrets }) => ({ redirect: `https://user:${secrets.apiKey}@example.com/v1` }),
	],
	['a reset', () => ({ resetAfterBytes: -1 })],
	['a cut', () => ({ truncateAfterBytes: 500 })],
	['silence', () => ({ stallAfterBytes: 10 })],
	['damaged gzip', () => ({ garbage: 'badGzip' })],
];

interface Scene {
	owner: Identity;
	baseUrl: string;
	parameters: INodeParameters;
}

/** Runs the node in every way and collects all that n8n would keep, show or log of it. */
async function collect({ owner, baseUrl, parameters }: Scene): Promise<Record<string, string>> {
	const credentials = { ...owner.credential, baseUrl };
	const data = await storeBinary((await picture('png')).bytes, 'a.png', 'image/png');
	const items = [{ json: { number: 1 }, binary: { data } }];
	const options = { maxRetries: 0, idleTimeout: 0.1, timeout: 5 };
	const all = asSaved({ prompt: 'a fox', images: imagesFrom('data'), options, ...parameters });
	const heard = hear();
	const texts: Record<string, string> = {};
	for (const onError of ['stopWorkflow', 'continueRegularOutput'] as const) {
		const outcome: unknown = await runNode({
			parameters: all,
			credentials,
			items,
			node: { onError },
		})
			.then((result) => ({ ...result }))
			.catch((error: unknown) => error);
		texts[`runNode, ${onError}`] = asText(outcome);
		const { run } = await runWorkflow(workflow(all, onError), { credentials, items });
		texts[`runWorkflow, ${onError}`] = asText(run);
	}
	heard.end();
	return { ...texts, log: heard.text(), store: await storeText() };
}

function workflow(
	parameters: INodeParameters,
	onError: 'stopWorkflow' | 'continueRegularOutput',
): WorkflowFile {
	const node = (name: string, type: string) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0] satisfies [number, number],
	});
	return {
		nodes: [
			{ ...node('Start', 'n8n-nodes-base.manualTrigger'), parameters: {} },
			{
				...node('GPT Image', `${packageName}.gptImage`),
				parameters,
				onError,
				credentials: { openAiImagesApi: { id: '1', name: 'Account' } },
			},
		],
		connections: { Start: { main: [[{ node: 'GPT Image', type: 'main', index: 0 }]] } },
	};
}

const WAYS: INodeParameters[] = [
	{ operation: 'generate' },
	{ operation: 'edit' },
	{ operation: 'generate', options: { keepAlive: true, maxRetries: 0, idleTimeout: 0.1 } },
];

/** A way to call for each identity and fault: every fault meets all of them, each with another identity. */
function wayOf(identityName: string, fault: string): INodeParameters {
	const number =
		identities.findIndex(([name]) => name === identityName) +
		FAULTS.findIndex(([name]) => name === fault);
	return WAYS[number % WAYS.length] ?? {};
}

describe.each(identities)('No secret of %s comes out', (name, owner) => {
	it.each(FAULTS)('after %s', async (text, fault) => {
		const simulator = simulators.get(name);
		if (!simulator) throw new Error('There is no simulator');
		simulator.reset();
		simulator.misbehave({ ...fault(owner), times: Infinity });
		const texts = await collect({ owner, baseUrl: simulator.url, parameters: wayOf(name, text) });
		expect(simulator.requests.length).toBeGreaterThanOrEqual(4);
		expect(findLeaks(owner.secrets, texts)).toEqual([]);
	});

	it('after an error event in a stream', async () => {
		const event = `event: error\ndata: ${JSON.stringify({ type: 'error', ...errorBody(told(owner)) })}\n\n`;
		const server = await startRawServer(
			(socket) => void socket.end(head(200, { 'content-type': 'text/event-stream' }) + event),
		);
		const parameters = { options: { keepAlive: true, maxRetries: 0 } };
		const texts = await collect({ owner, baseUrl: server.url, parameters });
		await server.close();
		expect(findLeaks(owner.secrets, texts)).toEqual([]);
	});

	it('without a server', async () => {
		for (const baseUrl of [
			'http://127.0.0.1:9/v1',
			'http://does-not-exist.invalid/v1',
			`https://user:${owner.secrets.apiKey}@127.0.0.1:9/v1`,
			`${owner.secrets.apiKey}`,
		]) {
			const texts = await collect({ owner, baseUrl, parameters: {} });
			expect(findLeaks(owner.secrets, texts)).toEqual([]);
		}
	});
});

describe('The search', () => {
	it.each([0, 1, 2, 3, 4])('finds a secret in base64 behind %i other bytes', (bytes) => {
		const text = Buffer.concat([
			Buffer.alloc(bytes, 'x'),
			Buffer.from(`${openAi.secrets.apiKey}tail`),
		]);
		const leaks = findLeaks(openAi.secrets, { here: text.toString('base64') });
		expect(leaks).toContainEqual(expect.objectContaining({ secret: 'apiKey', where: 'here' }));
	});

	it('finds a secret in whatever n8n persists of an error', () => {
		const error = Object.assign(new Error('no'), {
			config: { deep: [openAi.secrets.headerSecret] },
		});
		expect(findLeaks(openAi.secrets, { here: asText({ run: { error } }) })).not.toEqual([]);
	});

	it('finds a secret in the log', () => {
		const heard = hear();
		process.stdout.write(String(openAi.secrets.apiKey));
		heard.end();
		expect(findLeaks(openAi.secrets, { log: heard.text() })).not.toEqual([]);
	});
});
