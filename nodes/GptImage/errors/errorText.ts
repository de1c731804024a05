import { isRecord } from '../values';
import { parseCut } from './parseCut';

/** What an error says, in whatever shape a server writes it; raw. */
export interface ErrorText {
	/** `''` when it says nothing. */
	words: string;
	/** From the outside in: a gateway's own code, then that of the server behind it. */
	codes: string[];
	type?: string;
	param?: string;
	moderation?: Record<string, unknown>;
}

/** Gateways put the error of the server behind them into their own; deeper than this nobody nests it. */
const MOST_LEVELS = 5;

/** So many entries of a list of errors are read. */
const MOST_ENTRIES = 3;

/**
 * Where the words stand: OpenAI, Azure and LiteLLM `error`; FastAPI `detail`; Cloudflare `errors`; APIM, Kong and AWS
 * `message`; RFC 9457 `detail`, then `title`; Apigee `fault.faultstring`; OpenRouter `metadata.raw`.
 */
const WORDS = [
	'message',
	'Message',
	'msg',
	'error_msg',
	'error_message',
	'error_description',
	'error',
	'errors',
	'detail',
	'details',
	'fault',
	'faultstring',
	'err',
	'description',
	'title',
	'reason',
];

const CODES = ['code', 'error_code', 'errorcode', 'errorCode', 'statusCode', 'Code'];

/**
 * Reads the text of an error: JSON in the shapes of OpenAI and of the servers in front of it, a web page, XML,
 * an event, or plain text; it may be cut off anywhere.
 */
export function readErrorText(text: string): ErrorText {
	const trimmed = text.replace(/^\uFEFF/, '').trim();
	const data = trimmed.startsWith('data:') ? 0 : trimmed.indexOf('\ndata:') + 1;
	const isEvent = data > 0 || trimmed.startsWith('data:');
	const body = isEvent ? trimmed.slice(data + 'data:'.length).trim() : trimmed;
	if (/^[[{"]/.test(body)) {
		const parsed = parseCut(isEvent ? body.replace(/\n[^]*$/, '') : body);
		if (parsed !== undefined) return readErrorJson(parsed);
	}
	return { words: body.startsWith('<') ? wordsOfPage(body) : wordsOfText(body), codes: [] };
}

/** Reads an error from parsed JSON; see {@link readErrorText}. */
export function readErrorJson(value: unknown, level = 0): ErrorText {
	const none: ErrorText = { words: '', codes: [] };
	if (level > MOST_LEVELS) return none;
	if (typeof value === 'string') return fromText(value, level);
	if (Array.isArray(value)) return fromList(value, level);
	return isRecord(value) ? fromRecord(value, level) : none;
}

/** @returns whether some JSON that came as a success states an error: it says so, and not that all is well */
export function statesError(body: Record<string, unknown>): boolean {
	const { error, errors, success, code } = body;
	if (hasContent(error) || hasContent(errors) || success === false) return true;
	if (hasContent(body.detail) && !('data' in body)) return true;
	const isCode = typeof code === 'number' ? code !== 0 && code !== 200 : isFailureCode(code);
	return isCode && readErrorJson(body).words !== '';
}

const isFailureCode = (code: unknown) =>
	typeof code === 'string' && !/^(|0+|200|2\d\d|ok|success|succeeded)$/i.test(code);

/** @returns whether there is anything in a value; `{}`, `[]`, `''`, `false` and `null` say that there is no error */
export function hasContent(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() !== '';
	if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
	return value === true || (typeof value === 'number' && value !== 0);
}

function fromText(text: string, level: number): ErrorText {
	// The error of the server behind a gateway, as JSON in a text: "Provider returned error: {…}".
	const brace = text.indexOf('{');
	const parsed =
		brace >= 0 && /^\{\s*["']/.test(text.slice(brace)) ? parseCut(text.slice(brace)) : undefined;
	const inner = isRecord(parsed) ? readErrorJson(parsed, level + 1) : undefined;
	if (!inner?.words) return { words: text.trim(), codes: [] };
	return { ...inner, words: `${text.slice(0, brace).trim()} ${inner.words}`.trim() };
}

function fromList(list: unknown[], level: number): ErrorText {
	const entries = list
		.slice(0, MOST_ENTRIES)
		.map((entry) => readErrorJson(entry, level + 1))
		.filter(({ words }) => words !== '');
	const [first] = entries;
	if (!first) return { words: '', codes: [] };
	return { ...first, words: entries.map(({ words }) => words).join('; ') };
}

function fromRecord(record: Record<string, unknown>, level: number): ErrorText {
	const found = WORDS.flatMap((name) =>
		Object.hasOwn(record, name) && hasContent(record[name])
			? [readErrorJson(record[name], level + 1)]
			: [],
	).filter(({ words, codes }) => words !== '' || codes.length > 0);
	const behind = behindGateway(record, level);
	const [main] = found.filter(({ words }) => words !== '');
	const inner = [...found, ...behind];
	const words = [main, ...behind].flatMap((part) => (part?.words ? [part.words] : []));
	return {
		words: [...new Set(words)].join(': '),
		codes: [
			...CODES.flatMap((name) => codeIn(record, name) ?? []),
			...inner.flatMap(({ codes }) => codes),
		],
		type: nameIn(record, 'type') ?? firstOf(inner, 'type'),
		param: nameIn(record, 'param') ?? fieldOf(record) ?? firstOf(inner, 'param'),
		moderation: moderationOf(record) ?? inner.find(({ moderation }) => moderation)?.moderation,
	};
}

/** What the server behind a gateway has said: OpenRouter's `metadata.raw`, Azure's `innererror`. */
function behindGateway(
	{ metadata, innererror }: Record<string, unknown>,
	level: number,
): ErrorText[] {
	const raw = isRecord(metadata) && hasContent(metadata.raw) ? [metadata.raw] : [];
	const inner = isRecord(innererror) ? [innererror] : [];
	return [...raw, ...inner].map((value) => readErrorJson(value, level + 1));
}

const firstOf = (texts: ErrorText[], name: 'type' | 'param') =>
	texts.find((text) => text[name] !== undefined)?.[name];

/** @returns the name that a member holds; Python's None counts as missing */
function nameIn(record: Record<string, unknown>, name: string): string | undefined {
	const value = Object.hasOwn(record, name) ? record[name] : undefined;
	if (typeof value !== 'string' || /^\s*(none|null|undefined|nil|)\s*$/i.test(value))
		return undefined;
	return value.trim();
}

/** @returns a code, which may be a number */
function codeIn(record: Record<string, unknown>, name: string): string | undefined {
	const value = Object.hasOwn(record, name) ? record[name] : undefined;
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : nameIn(record, name);
}

/** FastAPI's place of a mistake, `["body", "size"]`. */
function fieldOf({ loc }: Record<string, unknown>): string | undefined {
	if (!Array.isArray(loc)) return undefined;
	const names = loc
		.slice(0, 6)
		.filter((name) => typeof name === 'string' || typeof name === 'number');
	return names.filter((name, index) => index > 0 || name !== 'body').join('.') || undefined;
}

/** OpenAI's `moderation_details`, Azure's filter results, OpenRouter's `metadata.reasons`, in OpenAI's words. */
function moderationOf(record: Record<string, unknown>): Record<string, unknown> | undefined {
	const { moderation_details: told, metadata } = record;
	if (isRecord(told) && hasContent(told)) {
		return { moderation_stage: told.moderation_stage, categories: told.categories };
	}
	const results = [record.content_filter_result, record.content_filter_results].find(isRecord);
	const reasons: unknown[] =
		isRecord(metadata) && Array.isArray(metadata.reasons) ? metadata.reasons : [];
	const filtered = Object.entries(results ?? {})
		.filter(
			([, result]) => isRecord(result) && (result.filtered === true || result.detected === true),
		)
		.map(([category]) => category);
	const categories = [...reasons, ...filtered];
	return categories.length > 0 ? { categories } : undefined;
}

/** A page's title says most of it: "504 Gateway Time-out". */
function wordsOfPage(page: string): string {
	for (const name of ['message', 'title', 'h1']) {
		const from = page.search(new RegExp(`<${name}[\\s>]`, 'i'));
		const start = from < 0 ? -1 : page.indexOf('>', from) + 1;
		const end = start <= 0 ? -1 : page.indexOf('<', start);
		const words = end < 0 ? '' : page.slice(start, end).replace(/\s+/g, ' ').trim();
		if (words !== '') return words;
	}
	return '';
}

/** Bytes that are not text say nothing. */
function wordsOfText(text: string): string {
	const head = text.slice(0, 1000);
	const odd = head.replace(/[^\p{Cc}\uFFFD]/gu, '').replace(/[\t\n\r]/g, '').length;
	return odd * 10 > head.length ? '' : text;
}
