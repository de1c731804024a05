import { familyOf, type ModelFamily } from '../models/catalogue';
import { estimateTokens } from '../models/estimate';
import { basisOf, dollarsOf, tokensOf, type Prices, type Tokens } from '../models/prices';
import type { ApiRequest } from '../openai/body';

/** What a request will cost, before it is sent. */
export interface Quote {
	tokens: Tokens;
	/** USD; `undefined` without prices for the model. */
	usd?: number;
	/** What the figures rest on. */
	basis: string;
}

/** Estimates requests, and gets better at it with each answer of the run. */
export class Quotes {
	/** Output tokens of an image, the most that were seen, by the kind of request. */
	private readonly seen = new Map<string, number>();

	/** @param isAzure the model names a deployment of the user's own, so nothing is known of it */
	constructor(private readonly isAzure: boolean) {}

	/** @returns USD per million tokens: the user's, or OpenAI's for a model that is known */
	prices(model: unknown, own: Prices | undefined): Prices | undefined {
		return own ?? this.familyOf(model)?.prices;
	}

	/**
	 * @param request one request, with `n`
	 * @param own the user's prices
	 * @returns `undefined` where neither published figures nor earlier answers tell
	 */
	quote({ fields, files }: ApiRequest, own: Prices | undefined): Quote | undefined {
		const seen = this.seen.get(kindOf(fields));
		const inputPixels = files.map((file) => ('link' in file ? undefined : file.pixels));
		const tokens = estimateTokens({ fields, inputPixels }, this.familyOf(fields.model), seen);
		if (!tokens) return undefined;
		const prices = this.prices(fields.model, own);
		const source = seen === undefined ? "OpenAI's published figures" : 'images of this run';
		return {
			tokens,
			usd: prices && dollarsOf(tokens, prices),
			basis: prices ? `${source}, ${basisOf(own !== undefined)}` : source,
		};
	}

	/** Remembers what an answer says about its tokens. */
	learn({ fields }: ApiRequest, usage: unknown) {
		const tokens = tokensOf(usage);
		if (!tokens) return;
		const each = Math.ceil((tokens.imageOutput + tokens.textOutput) / Number(fields.n ?? 1));
		const kind = kindOf(fields);
		this.seen.set(kind, Math.max(each, this.seen.get(kind) ?? 0));
	}

	private familyOf(model: unknown): ModelFamily | undefined {
		return this.isAzure ? undefined : familyOf(String(model));
	}
}

/** Requests that differ in these fields only make images of the same price. */
const NEUTRAL = ['prompt', 'n', 'safety_identifier'];

const kindOf = (fields: ApiRequest['fields']) =>
	JSON.stringify(fields, (key, value: unknown) => (NEUTRAL.includes(key) ? undefined : value));
