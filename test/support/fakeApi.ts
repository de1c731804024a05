import type { IExecuteFunctions } from 'n8n-workflow';
import { Redactor } from '../../nodes/GptImage/errors/redact';
import { familyOf } from '../../nodes/GptImage/models/catalogue';
import type { ApiSession } from '../../nodes/GptImage/openai/callApi';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';

/** An answer of the API; by default 200, without a word. */
export interface FakeAnswer {
	status?: number;
	headers?: Record<string, string>;
	/** JSON, or the bytes as they are. */
	body?: unknown;
	/** The bytes in these pieces, in place of `body`. */
	pieces?: Buffer[];
	/** The connection breaks with this code: behind the body, or before any answer without one. */
	breaks?: string;
	/** Nothing more comes, behind the body. */
	hangs?: boolean;
}

/** A call as n8n was asked to make it. */
export interface FakeCall {
	/** E.g. `GET /files?limit=100`. */
	what: string;
	headers: Record<string, string>;
	body: unknown;
}

interface Options {
	method: string;
	url: string;
	headers: Record<string, string>;
	body?: unknown;
}

const BASE_URL = 'https://api.example/v1';

const broken = (code: string) => Object.assign(new Error('It broke'), { code });

/** Never ends but by the signal, with the error of n8n's HTTP client. */
const cancelled = async (signal: AbortSignal) =>
	await new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(broken('ERR_CANCELED')));
	});

const piecesOf = ({ body, pieces = [] }: FakeAnswer): Buffer[] => {
	if (body === undefined) return pieces;
	return [Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))];
};

/** A body as n8n hands it out, without the timers of a real stream. */
function bodyOf(answer: FakeAnswer, signal: AbortSignal) {
	const { breaks, hangs } = answer;
	async function* chunks() {
		for (const piece of piecesOf(answer)) yield await Promise.resolve(piece);
		if (breaks !== undefined) throw broken(breaks);
		if (!hangs) return;
		await cancelled(signal);
	}
	const source = chunks();
	return { [Symbol.asyncIterator]: () => source, destroy: () => {} };
}

/**
 * A session on an API that is no more than its answers: for what takes calls by time and order, under a fake clock.
 *
 * @param answers one for each call, in order; the last one again and again
 */
export function fakeApi(...answers: FakeAnswer[]) {
	const calls: FakeCall[] = [];
	const stop = new Stop();
	async function request(
		this: Pick<IExecuteFunctions, 'getExecutionCancelSignal'>,
		_: string,
		{ method, url, headers, body }: Options,
	) {
		const answer = answers[calls.length] ?? answers.at(-1) ?? {};
		calls.push({ what: `${method} ${url.slice(BASE_URL.length)}`, headers, body });
		const signal = this.getExecutionCancelSignal() ?? new AbortController().signal;
		if (piecesOf(answer).length === 0) {
			if (answer.breaks !== undefined) throw await Promise.resolve(broken(answer.breaks));
			if (answer.hangs) return await cancelled(signal);
		}
		return await Promise.resolve({
			statusCode: answer.status ?? 200,
			headers: answer.headers ?? {},
			body: bodyOf(answer, signal),
		});
	}
	const context = { helpers: { httpRequestWithAuthentication: request } };
	const session: ApiSession = {
		context: context as unknown as IExecuteFunctions,
		connection: {
			baseUrl: BASE_URL,
			isOpenAi: false,
			identity: '',
			lookUpModel: familyOf,
			redactor: new Redactor([]),
		},
		stop,
	};
	return { session, calls, stop, made: () => calls.map(({ what }) => what) };
}
