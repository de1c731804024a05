/** OpenAI's own address. */
export const OPENAI_URL = 'https://api.openai.com/v1';

/** No address is longer. */
const LONGEST = 2000;

/** Web sites that people paste from their browser. */
const WEB_SITES = [
	'platform.openai.com',
	'openai.com',
	'www.openai.com',
	'chatgpt.com',
	'chat.openai.com',
	'ai.azure.com',
	'oai.azure.com',
	'portal.azure.com',
	'learn.microsoft.com',
];

/** Hosts of Azure OpenAI resources. */
const AZURE_HOST = /\.(openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com)$/;

/** What stands behind a Base URL when the address of a call was pasted. */
const ENDPOINTS = [
	'/images/generations',
	'/images/edits',
	'/images/variations',
	'/images',
	'/models',
	'/chat/completions',
	'/completions',
	'/responses',
	'/batches',
	'/files',
];

/** A Base URL that can be used, or what is wrong with it. */
export type BaseUrl = { url: string } | { problem: string; remedy: string };

/**
 * Understands what people paste as Base URL: without a scheme, with the address of a call, Azure's target URI with
 * its deployment and `api-version` (then its v1 API is used), with slashes or quotation marks around it.
 *
 * @param text the field as it was filled in
 * @returns the address without a slash at its end
 */
export function readBaseUrl(text: string, isAzure: boolean): BaseUrl {
	const value = unquoted(text.slice(0, LONGEST + 1));
	if (value === '' && !isAzure) return { url: OPENAI_URL };
	const url = value.length > LONGEST ? undefined : parse(value);
	if (!url) return refused('is not a web address', isAzure);
	if (url.username !== '' || url.password !== '') {
		return {
			problem: 'The Base URL of the credential has a user name or password in it',
			remedy:
				'It would be sent in place of the API key. Remove it; a gateway that asks for one takes it as Extra Header.',
		};
	}
	if (WEB_SITES.includes(url.hostname)) {
		return refused('is that of a web site, not of an API', isAzure);
	}
	const query = [...url.searchParams.keys()].filter((name) => name !== 'api-version');
	if (query.length > 0 || url.hash !== '') {
		return {
			problem: 'The Base URL of the credential has a query or a fragment',
			remedy: 'Remove everything from the ? or # on. A key belongs in API Key or Extra Header.',
		};
	}
	return { url: `${url.origin}${pathOf(url)}` };
}

function pathOf({ hostname, pathname }: URL): string {
	const isAzureHost = AZURE_HOST.test(hostname);
	const path = withoutEnd(
		pathname
			.split('/')
			.filter((part) => part !== '')
			.map((part) => `/${part}`)
			.join(''),
	);
	const deployment = path.toLowerCase().indexOf('/openai/deployments');
	if (deployment >= 0) return `${path.slice(0, deployment)}/openai/v1`;
	if (isAzureHost && (/^(\/openai)?$/i.test(path) || path.startsWith('/api/projects')))
		return '/openai/v1';
	return path === '' && hostname === 'api.openai.com' ? '/v1' : path;
}

function withoutEnd(path: string): string {
	const end = ENDPOINTS.find((endpoint) => path.toLowerCase().endsWith(endpoint));
	return end === undefined ? path : path.slice(0, -end.length);
}

function parse(value: string): URL | undefined {
	if (/\s/.test(value)) return undefined;
	const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(value);
	const text = hasScheme ? value : `${schemeFor(value) ?? ''}${value}`;
	if (!/^https?:\/\/[^/?#]/i.test(text)) return undefined;
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/** A key must not go over the network in plain text, so only the own machine is spoken to without TLS. */
function schemeFor(value: string): string | undefined {
	const host = /^[a-z\d.-]+/i.exec(value)?.[0] ?? '';
	if (/^(localhost|127\.\d+\.\d+\.\d+)$/i.test(host)) return 'http://';
	return /^[a-z\d-]+(\.[a-z\d-]+)+$/i.test(host) || /^[a-z\d-]+:\d+(\/|$)/i.test(value)
		? 'https://'
		: undefined;
}

const QUOTES = ['"', "'", '`', '<', '>', '“', '”'];

/** Takes off quotation marks that stand on both sides. */
function unquoted(text: string): string {
	let value = text.trim();
	while (
		value.length > 1 &&
		[value.charAt(0), value.slice(-1)].every((one) => QUOTES.includes(one))
	) {
		value = value.slice(1, -1).trim();
	}
	return value;
}

const refused = (what: string, isAzure: boolean): BaseUrl => ({
	problem: `The Base URL of the credential ${what}`,
	remedy: isAzure
		? 'Set it to the v1 endpoint of your resource, e.g. https://my-resource.openai.azure.com/openai/v1.'
		: `Set it to ${OPENAI_URL}, or to the address of your gateway, which usually ends in /v1.`,
});
