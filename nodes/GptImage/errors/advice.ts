import type { ApiErrorClass, FailureDetails } from './failure';

/** What a failed request is called and what helps. */
export interface Advice {
	/** What happened; nothing of the API's own text is in it. */
	message: string;
	/** What to do next. */
	remedy: string;
	/** n8n's cause of the failure, where the answer proves one. */
	cause?:
		| 'rate-limited'
		| 'quota-exhausted'
		| 'temporarily-unavailable'
		| 'credential-invalid'
		| 'configuration-invalid';
}

const BILLING: Advice = {
	message: 'The OpenAI account has no credit left',
	remedy:
		'Add credit or raise the limit under Settings > Billing and Limits on platform.openai.com. Waiting or retrying does not help.',
	cause: 'quota-exhausted',
};

const SPEND_LIMIT: Advice = {
	message: 'A spend limit of the OpenAI account is reached',
	remedy:
		'Raise the monthly limit of the organization or project under Settings > Limits on platform.openai.com, or wait for the next month.',
	cause: 'quota-exhausted',
};

const OVERLOADED: Advice = {
	message: 'The API is overloaded at the moment',
	remedy:
		'Run the item again in a few minutes. Max Retries and Timeout under Run Options tell how long the node tries by itself.',
	cause: 'temporarily-unavailable',
};

const RATE_LIMIT: Advice = {
	message: 'The rate limit of the OpenAI account kept images waiting too long',
	remedy:
		'Set Images per Minute under Run Options to the limit of your usage tier (platform.openai.com, Settings > Limits), or raise Timeout.',
	cause: 'rate-limited',
};

const MODERATION: Advice = {
	message: 'The safety system refused the prompt or an image',
	remedy:
		'Change the prompt or the input image; the same request is refused again. Moderation under Image Options can be set to Low.',
};

const NO_MODEL: Advice = {
	message: 'The model is not available to this API key',
	remedy:
		'Choose another Model from the list, which shows what the key can use. Older models have been shut down.',
	cause: 'configuration-invalid',
};

const BAD_IMAGE: Advice = {
	message: 'An input image was not accepted',
	remedy: 'Use intact PNG, JPEG or WebP files under 50 MB; convert others before this node.',
};

const BAD_VALUE: Advice = {
	message: 'The API did not accept a value of the request',
	remedy: 'Check the field named below, and whether the chosen model takes it.',
};

/** The same where the API does not say which. */
const SOME_VALUE: Advice = {
	...BAD_VALUE,
	remedy:
		'Check Model, Size, Quality and the options against what the model takes. The API does not name a field.',
};

const SERVER_FAULT: Advice = {
	message: 'The API had a fault of its own',
	remedy: 'Run the item again in a few minutes. If it happens again, see status.openai.com.',
	cause: 'temporarily-unavailable',
};

const VERIFY_ORGANIZATION: Advice = {
	message: 'The OpenAI organization must be verified to use this model',
	remedy:
		'Verify it under Settings > Organization > General on platform.openai.com; it takes up to 15 minutes to take effect. Until then choose another Model.',
	cause: 'configuration-invalid',
};

const LOW_TIER: Advice = {
	message: 'The usage tier of the OpenAI account is too low for this model',
	remedy:
		'Add credit to reach the next tier (platform.openai.com, Settings > Limits), or choose another Model.',
	cause: 'configuration-invalid',
};

const NO_PREVIEW: Advice = {
	message: 'The OpenAI project has no access to this output format',
	remedy:
		'Ask OpenAI for access to the GIF or SVG preview, or choose PNG, JPEG or WebP as Output Format.',
	cause: 'configuration-invalid',
};

const BY_CLASS: Record<ApiErrorClass, Advice> = {
	billing: BILLING,
	spendLimit: SPEND_LIMIT,
	rateLimit: RATE_LIMIT,
	tooMuchPerRequest: {
		message: 'One request asks for more than the rate limit ever allows',
		remedy:
			'Set Images per Request under Run Options to at most what the limit named below allows in a minute; waiting does not help.',
		cause: 'rate-limited',
	},
	batchQueue: {
		message: 'The batch queue of the OpenAI account is full',
		remedy:
			'Submit it again when other batches of the model are finished; Get Many lists them. Where one batch alone is too much, lower Requests per Batch under Run Options. The limit stands under Settings > Limits on platform.openai.com.',
		cause: 'rate-limited',
	},
	overloaded: OVERLOADED,
	serverFault: SERVER_FAULT,
	gatewayTimeout: {
		message: 'A proxy or gateway stopped waiting for the image',
		remedy:
			'Switch Keep Connection Alive on under Run Options, choose a lower Quality or smaller Size, or raise the time limit of the proxy or gateway.',
		cause: 'temporarily-unavailable',
	},
	proxy: {
		message: 'A proxy or gateway got no proper answer from the API',
		remedy:
			'Run the item again in a few minutes. If it happens again, check the gateway or proxy in front of the API, and status.openai.com.',
		cause: 'temporarily-unavailable',
	},
	proxyCredential: {
		message: 'A proxy in front of the API asks for a login',
		remedy:
			'Give the n8n server the login of the proxy (HTTPS_PROXY), or have the API exempted from it. This is not about the credential of this node.',
		cause: 'configuration-invalid',
	},
	safety: MODERATION,
	model: NO_MODEL,
	unverified: VERIFY_ORGANIZATION,
	lowTier: LOW_TIER,
	noPreview: NO_PREVIEW,
	badImage: BAD_IMAGE,
	badParameter: BAD_VALUE,
	credential: {
		message: 'The API key was not accepted',
		remedy:
			'Open the credential, paste the key again and test it. Check that the key was not revoked and belongs to the organization and project given there.',
		cause: 'credential-invalid',
	},
	permission: {
		message: 'The API key may not do this',
		remedy:
			'Give the key Write permission for Images (for batches also for Files), and its project access to the model, under Settings on platform.openai.com.',
		cause: 'configuration-invalid',
	},
	address: {
		message: 'The API does not know this address or model',
		remedy:
			'Choose another Model, and check the Base URL of the credential; it usually ends in /v1.',
		cause: 'configuration-invalid',
	},
	unsupported: {
		message: 'What answers at the Base URL does not take such a request',
		remedy:
			'Check the Base URL of the credential. A gateway may not offer the Images API, edits, batches, or files in a form: for these try Send as JSON under Run Options, or another gateway.',
		cause: 'configuration-invalid',
	},
	tooLarge: {
		message: 'The request is too large',
		remedy:
			'Send fewer or smaller input images. A proxy in front of the API may have a lower limit than the API.',
	},
	country: {
		message: 'The API is not offered in the country the request came from',
		remedy: 'See the list of supported countries in the OpenAI documentation, or use Azure OpenAI.',
		cause: 'configuration-invalid',
	},
	unknown: {
		message: 'The API refused the request',
		remedy:
			'What it says stands below. If it says nothing, check the Base URL of the credential: a gateway may answer in its own way.',
	},
};

const BY_KIND: Record<Exclude<FailureDetails['kind'], 'api'>, Advice> = {
	input: {
		message: "An input image could not be read from n8n's storage",
		remedy:
			'Check that the file still exists: n8n deletes binary data with its execution. Run the workflow from its beginning.',
	},
	connection: {
		message: 'The API could not be reached',
		remedy:
			'Check the Base URL of the credential, and the network, proxy and firewall of the n8n server.',
	},
	answer: {
		message: 'The answer is not one of the Images API',
		remedy:
			'Check the Base URL of the credential: a proxy or gateway seems to answer in its own way.',
	},
	interrupted: {
		message: 'The answer broke off before it was complete',
		remedy:
			'If it happens often, a proxy may cut connections: switch Keep Connection Alive on under Run Options.',
	},
	timeout: {
		message: 'The image did not arrive in time',
		remedy:
			'Raise Timeout under Run Options, or choose a lower Quality or smaller Size. If a proxy cuts silent connections, switch Keep Connection Alive on.',
	},
	redirect: {
		message: 'The Base URL leads to another address',
		remedy:
			'Set the Base URL of the credential to the final address. Keys and images are never sent on.',
		cause: 'configuration-invalid',
	},
	budget: {
		message: 'The budget of this run is reached',
		remedy:
			'Nothing was sent for this item. Raise Maximum Cost per Run under Run Options, or run the items that are left again.',
	},
	store: {
		message: 'n8n could not store the image',
		remedy: 'Check the disk space and the binary data storage of the n8n server.',
	},
	call: {
		message: 'The API left a call about the batch without an answer',
		remedy:
			'Run the item again: a batch that was made all the same is found and taken, and nothing is paid for twice.',
		cause: 'temporarily-unavailable',
	},
	unmade: {
		message: 'The batch ended before it came to this request',
		remedy: 'It cost nothing. Submit the item again.',
	},
	lost: {
		message: 'The batch has no result for this request',
		remedy:
			'OpenAI deletes the files of a batch after 30 days. Fetch it again, or look at it on platform.openai.com, before you submit the item again.',
	},
};

const LINKED: Advice = {
	message: 'The answer has a link in place of the image',
	remedy:
		'Fetch it with an HTTP Request node, soon, as such links expire; details.links has them all. Ask the operator of the gateway to answer with the image itself (b64_json).',
};

/** @returns what to tell the user about a failed request */
export function adviseOn(details: FailureDetails): Advice {
	if (details.kind === 'answer' && details.links) return LINKED;
	if (details.kind !== 'api') return BY_KIND[details.kind];
	const isNameless = details.class === 'badParameter' && details.param === undefined;
	return isNameless ? SOME_VALUE : BY_CLASS[details.class];
}
