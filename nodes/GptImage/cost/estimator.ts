import type { LookUpModel } from '../models/catalogue';
import { estimateTokens, inputTokens, type Experience } from './estimate';
import type { Prices } from '../models/prices';
import { basisOf, dollarsOf, tokensOf, type Tokens } from './tokenCost';
import { isFile, picturesOf, type ApiRequest } from '../openai/request';

/** What a request will cost, before it is sent. */
export interface CostEstimate {
	tokens: Tokens;
	/** USD; `undefined` without prices for the model. */
	usd?: number;
	/** What the figures rest on. */
	basis: string;
}

/** Estimates requests, and gets better at it with each answer of the run. */
export class CostEstimator {
	/** By the kind of request. */
	private readonly seen = new Map<string, Experience>();

	/** @param lookUpModel what is known of a model */
	constructor(private readonly lookUpModel: LookUpModel) {}

	/** @returns USD per million tokens: the user's, or OpenAI's for a model that is known */
	prices(model: unknown, own: Prices | undefined): Prices | undefined {
		return own ?? this.lookUpModel(String(model))?.prices;
	}

	/**
	 * @param request one request, with `n`
	 * @param own the user's prices
	 * @returns `undefined` where neither published figures nor earlier answers tell
	 */
	estimate(request: ApiRequest, own: Prices | undefined): CostEstimate | undefined {
		const { fields } = request;
		const seen = this.seen.get(kindOf(fields));
		const inputPixels = pixelsOf(request);
		const tokens = estimateTokens(
			{ fields, inputPixels },
			this.lookUpModel(String(fields.model)),
			seen,
		);
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
	learn(request: ApiRequest, usage: unknown) {
		const tokens = tokensOf(usage);
		if (!tokens) return;
		const { fields } = request;
		const kind = kindOf(fields);
		const before = this.seen.get(kind);
		const each = Math.ceil((tokens.imageOutput + tokens.textOutput) / Number(fields.n ?? 1));
		const estimated = inputTokens(pixelsOf(request));
		this.seen.set(kind, {
			outputTokens: Math.max(each, before?.outputTokens ?? 0),
			inputFactor: Math.max(
				estimated > 0 ? tokens.imageInput / estimated : 1,
				before?.inputFactor ?? 1,
			),
		});
	}
}

const pixelsOf = (request: ApiRequest) =>
	picturesOf(request).map((picture) => (isFile(picture) ? picture.pixels : undefined));

/** Requests that differ in these fields only make images of the same price. */
const NEUTRAL = ['prompt', 'n', 'safety_identifier'];

const kindOf = (fields: ApiRequest['fields']) =>
	JSON.stringify(fields, (key, value: unknown) => (NEUTRAL.includes(key) ? undefined : value));
