import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import { openAiImagesApi, runListSearch, testCredential } from '../harness';
import { http } from '../node';
import { listen } from '../support/loopback';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator();

/** Headers that say who calls, of the last request; the client's own are left out. */
function callers(): Record<string, unknown> {
	const own = /^(accept|accept-encoding|connection|content-\w+|host|user-agent)$/;
	const { headers = {} } = simulator.api.requests.at(-1) ?? {};
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.test(name)));
}

const azureUrl = () => new URL('/openai/v1', simulator.api.url).href;
const key = 'sk-simulator';
const bearer = { authorization: `Bearer ${key}` };

const everyField = {
	organizationId: 'org-AbC123',
	projectId: 'proj_AbC123',
	headerName: 'X-Gateway-Key',
	headerSecret: 'open',
};
const kinds: Array<[string, ICredentialDataDecryptedObject, Record<string, string>]> = [
	['OpenAI with a key only', {}, bearer],
	[
		'OpenAI with empty fields',
		{ organizationId: '', projectId: ' ', headerName: '', headerSecret: '' },
		bearer,
	],
	[
		'OpenAI with an organization',
		{ organizationId: 'org-AbC123' },
		{ ...bearer, 'openai-organization': 'org-AbC123' },
	],
	[
		'OpenAI with a project',
		{ projectId: 'proj_AbC123' },
		{ ...bearer, 'openai-project': 'proj_AbC123' },
	],
	[
		'OpenAI with a header of a gateway',
		{ headerName: 'X-Gateway-Key', headerSecret: 'open' },
		{ ...bearer, 'x-gateway-key': 'open' },
	],
	['OpenAI with a header without a value', { headerName: 'X-Gateway-Key' }, bearer],
	['OpenAI with a value without a header', { headerSecret: 'open' }, bearer],
	[
		'OpenAI with everything, and blanks around it',
		{
			apiKey: ` ${key}\n`,
			organizationId: ' org-AbC123 ',
			projectId: 'proj_AbC123\t',
			headerName: ' X-Gateway-Key ',
			headerSecret: ' open ',
		},
		{
			...bearer,
			'openai-organization': 'org-AbC123',
			'openai-project': 'proj_AbC123',
			'x-gateway-key': 'open',
		},
	],
	['Azure with a key only', { kind: 'azure' }, { 'api-key': key }],
	[
		'Azure with fields left over from OpenAI',
		{ kind: 'azure', ...everyField },
		{ 'api-key': key, 'x-gateway-key': 'open' },
	],
];

const credentialOf = (fields: ICredentialDataDecryptedObject) =>
	simulator.credentials({ ...(fields.kind === 'azure' && { baseUrl: azureUrl() }), ...fields });

describe('the headers of a credential for', () => {
	it.each(kinds)('%s go with Generate', async (_, fields, headers) => {
		await simulator.run({ credentials: credentialOf(fields), parameters: { prompt: 'A fox' } });
		expect(callers()).toEqual(headers);
		expect(simulator.api.requests).toMatchObject([{ status: 200 }]);
	});

	it.each(kinds)('%s go with the model list', async (_, fields, headers) => {
		await runListSearch('listModels', { credentials: credentialOf(fields) });
		expect(callers()).toEqual(headers);
	});

	it.each(kinds)('%s go with the test', async (_, fields, headers) => {
		expect(await testCredential(credentialOf(fields))).toEqual({
			status: 'OK',
			message: 'Connection successful!',
		});
		expect(callers()).toEqual(headers);
	});
});

describe('the Base URL', () => {
	const spellings = [
		['as it is', (url: string) => url],
		['with a slash at its end', (url: string) => `${url}/`],
		['with slashes at its end', (url: string) => `${url}//`],
		['with blanks around it', (url: string) => ` ${url} `],
		['with the address of a call', (url: string) => `${url}/images/generations`],
		['without its scheme', (url: string) => url.replace('http://', '')],
		['with a slash and a blank', (url: string) => `${url}/ `],
	] as const;

	it.each(spellings)('%s leads to the API', async (_, spell) => {
		const credentials = simulator.credentials({ baseUrl: spell(simulator.api.url) });
		await simulator.run({ credentials, parameters: { prompt: 'A fox' } });
		await runListSearch('listModels', { credentials });
		expect(await testCredential(credentials)).toMatchObject({ status: 'OK' });
		expect(simulator.api.requests.map(({ path }) => path)).toEqual([
			'/v1/images/generations',
			'/v1/models',
			'/v1/models',
		]);
	});
});

describe('the test of a credential says', () => {
	it('that a key is not accepted', async () => {
		expect(await testCredential(simulator.credentials({ apiKey: 'wrong' }))).toEqual({
			status: 'Error',
			message:
				'The API key was not accepted. Copy it again from your OpenAI project, and check that it was not revoked and that it belongs to the organization and project given here.',
		});
	});

	it('that no API is at a Base URL', async () => {
		const baseUrl = simulator.api.url.replace('/v1', '/v2');
		expect(await testCredential(simulator.credentials({ baseUrl }))).toEqual({
			status: 'Error',
			message:
				'No API answered at this Base URL. It usually ends in /v1, e.g. https://api.openai.com/v1.',
		});
	});

	it.each([
		['a status nobody knows', 499, /^The API refused to list its models \(status 499\)/],
		['a fault', 503, /\(status 503\)/],
		['a redirect', 302, /^The Base URL leads to another address/],
		['no credit', 402, /no credit left/],
		['a proxy', 407, /HTTPS_PROXY/],
	])('what %s means, never in the words of the server', async (_, status, message) => {
		const server = http.createServer(({ headers }, response) => {
			response.writeHead(status, `bad ${headers.authorization}`, { location: '/elsewhere' });
			response.end(JSON.stringify({ error: { message: `bad ${headers.authorization}` } }));
		});
		const baseUrl = `http://127.0.0.1:${await listen(server)}/v1`;
		const canary = 'sk-secret-123456';
		const result = testCredential({ apiKey: canary, baseUrl });
		const { message: told } = await result.finally(() => server.close());
		expect(told).toMatch(message);
		expect(told).not.toContain('sk-secret');
	});

	it.each([
		['http://user:password@127.0.0.1/v1', /user name or password/],
		['https://platform.openai.com', /web site/],
		['not a url', /not a web address/],
	])('what is wrong with the Base URL %s, and sends no key', async (baseUrl, message) => {
		const result = await testCredential(simulator.credentials({ baseUrl }));
		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
		expect(simulator.api.requests).toEqual([]);
	});

	it('that a key may not list models', async () => {
		const server = http.createServer((_, response) => response.writeHead(403).end());
		const baseUrl = `http://127.0.0.1:${await listen(server)}/v1`;
		const result = testCredential({ apiKey: key, baseUrl });
		expect(await result.finally(() => server.close())).toEqual({
			status: 'Error',
			message:
				'The key is valid but may not list models. Give it Read permission for Models, or check the region and project it is bound to.',
		});
	});
});

describe('a credential that is restricted to some domains', () => {
	// n8n's server adds these fields to every credential type.
	const added = ['allowedHttpRequestDomains', 'allowedDomains'].map(
		(name): INodeProperties => ({ displayName: name, name, type: 'string', default: '' }),
	);
	const credentialType: ICredentialType = Object.create(openAiImagesApi, {
		properties: { value: [...openAiImagesApi.properties, ...added] },
	});
	const run = async (mode: string, domains: string) =>
		await simulator.run({
			credentialType,
			credentials: simulator.credentials({
				allowedHttpRequestDomains: mode,
				allowedDomains: domains,
			}),
			parameters: { prompt: 'A fox' },
			node: { onError: 'continueRegularOutput' },
		});

	it('goes nowhere else', async () => {
		const { items } = await run('domains', 'api.openai.com');
		expect(items).toMatchObject([{ json: { error: expect.stringMatching(/\[item 1\]$/) } }]);
		expect(simulator.api.requests).toEqual([]);
	});

	it.each([
		['domains', '127.0.0.1'],
		['all', ''],
	])('goes where it may (%s %s)', async (mode, domains) => {
		const { items } = await run(mode, domains);
		expect(items).toMatchObject([{ json: { format: 'png' } }]);
	});
});

describe('the fields of a credential', () => {
	// A default would stay when another kind is chosen, and the key of Azure would go to OpenAI.
	it('have no address by default, which means OpenAI’s own', () => {
		const urls = openAiImagesApi.properties.filter(({ name }) => name === 'baseUrl');
		expect(urls.map((field) => [field.displayOptions?.show, field.default])).toEqual([
			[{ hasMore: [true], kind: ['openAi'] }, ''],
			[{ hasMore: [true], kind: ['azure'] }, ''],
		]);
	});

	it('are one for OpenAI, and the rest on demand', () => {
		const always = openAiImagesApi.properties.filter(({ displayOptions }) => !displayOptions);
		expect(always.map(({ name }) => name)).toEqual(['apiKey', 'hasMore']);
	});

	it('that are not shown do not count', async () => {
		const credentials = simulator.credentials({ hasMore: false, organizationId: 'org-hidden' });
		const { items } = await simulator.run({
			credentials: { ...credentials, baseUrl: 'http://127.0.0.1:9/v1', hasMore: true },
			parameters: { prompt: 'A fox' },
			node: { onError: 'continueRegularOutput' },
		});
		expect(items).toMatchObject([{ json: { details: { kind: 'connection' } } }]);
		const type = await testCredential({ ...credentials, apiKey: key });
		expect(type).toMatchObject({ status: 'Error' });
		expect(simulator.api.requests).toEqual([]);
	});

	it('hide what is secret', () => {
		const hidden = openAiImagesApi.properties.filter(({ typeOptions }) => typeOptions?.password);
		expect(hidden.map(({ name }) => name)).toEqual(['apiKey', 'headerSecret']);
	});
});
