/** What can go wrong before an image is made, whoever tells it. */
export const TROUBLES = [
	'validation',
	'noKey',
	'noCredit',
	'rateLimit',
	'safety',
	'modelNotFound',
	'tooLarge',
	'timeout',
	'down',
] as const;

export type Trouble = (typeof TROUBLES)[number];

/** One answer of another server. */
export interface GatewayAnswer {
	status: number;
	/** An object goes out as JSON, a string as text or as a page. */
	body: object | string;
	headers?: Record<string, string>;
	/** The part of the body that a person must get to read; absent where a page says nothing. */
	words?: string;
}

/** A server between the client and the API, or in its place. */
export interface Gateway {
	/** Each in as many shapes as are known. */
	troubles: Record<Trouble, GatewayAnswer[]>;
	/** How it writes an answer with images. @param answer OpenAI's own */
	success(answer: Record<string, unknown>): object;
}

/** Hands an answer on as it came. */
export const unchanged = (answer: Record<string, unknown>): object => answer;

/** An answer in JSON whose words are `words`. */
export const says = (
	status: number,
	words: string,
	shape: (words: string) => object,
	headers?: Record<string, string>,
): GatewayAnswer => ({ status, body: shape(words), words, ...(headers && { headers }) });

/** A plain text. */
export const text = (
	status: number,
	words: string,
	headers?: Record<string, string>,
): GatewayAnswer => ({ status, body: words, words, ...(headers && { headers }) });

/** A web page; its title is all it says. */
export const page = (
	status: number,
	title: string,
	server: string,
	headers?: Record<string, string>,
): GatewayAnswer => ({
	status,
	body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`,
	headers: { server, ...headers },
});

/** The images of an answer, each changed. */
export function eachImage(
	answer: Record<string, unknown>,
	change: (image: object) => object,
): object[] {
	const { data } = answer;
	if (!Array.isArray(data)) return [];
	return data.map((image: unknown) =>
		change(typeof image === 'object' && image !== null ? image : {}),
	);
}
