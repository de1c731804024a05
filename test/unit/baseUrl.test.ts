import fc from 'fast-check';
import { readBaseUrl } from '../../nodes/GptImage/openai/baseUrl';

const OPENAI = 'https://api.openai.com/v1';
const AZURE = 'https://my-resource.openai.azure.com/openai/v1';
const GATEWAY = 'https://gateway.example/openai/v1';

describe('a Base URL is understood', () => {
	it.each([
		['', OPENAI],
		[' ', OPENAI],
		['https://api.openai.com', OPENAI],
		['api.openai.com/v1', OPENAI],
		['https://api.openai.com/v1/', OPENAI],
		['https://api.openai.com//v1//', OPENAI],
		['"https://api.openai.com/v1"', OPENAI],
		['<https://api.openai.com/v1>', OPENAI],
		['HTTPS://API.OPENAI.COM/v1', OPENAI],
		['https://api.openai.com/v1/images/generations', OPENAI],
		['https://api.openai.com/v1/images/edits/', OPENAI],
		['https://api.openai.com/v1/models', OPENAI],
		['https://api.openai.com/v1/chat/completions', OPENAI],
		['https://gateway.example/openai/v1/images', GATEWAY],
		['gateway.example/openai/v1', GATEWAY],
		['https://gateway.example:8443/v1', 'https://gateway.example:8443/v1'],
		['http://litellm:4000', 'http://litellm:4000'],
		['litellm:4000/v1', 'https://litellm:4000/v1'],
		['localhost:8080/v1', 'http://localhost:8080/v1'],
		['127.0.0.1:8080', 'http://127.0.0.1:8080'],
		['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
		['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
		[AZURE, AZURE],
		['https://my-resource.openai.azure.com', AZURE],
		['https://my-resource.openai.azure.com/openai/', AZURE],
		['https://my-resource.openai.azure.com/openai/v1/?api-version=preview', AZURE],
		[
			'https://my-resource.openai.azure.com/openai/deployments/my-image/images/generations?api-version=2025-04-01-preview',
			AZURE,
		],
		['https://my-resource.openai.azure.com/openai/deployments/my-image', AZURE],
		[
			'https://my-foundry.services.ai.azure.com/api/projects/my-project',
			'https://my-foundry.services.ai.azure.com/openai/v1',
		],
		[
			'https://apim.example/team/openai/deployments/x/images/edits?api-version=1',
			'https://apim.example/team/openai/v1',
		],
	])('%j', (text, url) => {
		expect(readBaseUrl(text, false)).toEqual({ url });
		if (text.trim() !== '') expect(readBaseUrl(text, true)).toEqual({ url });
	});
});

describe('a Base URL is refused with what is wrong', () => {
	const notAnAddress = /is not a web address$/;
	it.each([
		['not a url', notAnAddress],
		['gateway', notAnAddress],
		['ftp://example.com', notAnAddress],
		['file:///etc/passwd', notAnAddress],
		['javascript:alert(1)', notAnAddress],
		['http://', notAnAddress],
		['https:///v1', notAnAddress],
		['https://exa mple.com', notAnAddress],
		['https://example.com:99999/v1', notAnAddress],
		['x'.repeat(5000), notAnAddress],
		[`https://example.com/${'x'.repeat(5000)}`, notAnAddress],
		['https://user:password@example.com/v1', /user name or password/],
		['https://key@example.com/v1', /user name or password/],
		['user:password@example.com', /not a web address|user name or password/],
		['https://example.com/v1?key=abc', /query or a fragment/],
		['https://example.com/v1?key=abc&api-version=1', /query or a fragment/],
		['https://example.com/v1#top', /query or a fragment/],
		['https://platform.openai.com/docs', /web site/],
		['chatgpt.com', /web site/],
		['https://ai.azure.com/resource', /web site/],
	])('%j', (text, problem) => {
		for (const isAzure of [false, true]) {
			expect(readBaseUrl(text, isAzure)).toEqual({
				problem: expect.stringMatching(problem),
				remedy: expect.stringMatching(/\.$/),
			});
		}
	});

	it('never with the address in the words', () => {
		const text = JSON.stringify(readBaseUrl('https://user:pAsSwOrD@example.com?key=sEcReT', false));
		expect(text).not.toMatch(/pAsSwOrD|sEcReT/);
	});

	it('on Azure where there is none', () => {
		expect(readBaseUrl('', true)).toMatchObject({ problem: expect.stringMatching(notAnAddress) });
	});
});

it('whatever the text: an address without login, query and slash at its end, or a reason', () => {
	const text = fc.oneof(
		fc.string(),
		fc.webUrl({ withFragments: true, withQueryParameters: true }),
		fc
			.tuple(fc.webAuthority({ withUserInfo: true, withPort: true }), fc.string())
			.map((parts) => parts.join('/')),
	);
	fc.assert(
		fc.property(text, fc.boolean(), (value, isAzure) => {
			const found = readBaseUrl(value, isAzure);
			if ('problem' in found) return;
			expect(found.url).toMatch(/^https?:\/\/[^/?#@\s]+(\/[^?#\s]*[^/?#\s])?$/);
			expect(readBaseUrl(found.url, isAzure)).toEqual(found);
		}),
		{ numRuns: 2000 },
	);
});
