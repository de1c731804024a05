import type { IDataObject } from 'n8n-workflow';
import { PRICES_DATE, type Prices } from '../models/prices';
import { isRecord } from '../values';

const PER_MILLION = 1_000_000;

/** Tokens of a request, by what they are charged as. */
export type Tokens = Record<keyof Prices, number>;

/** @returns USD to a millionth */
export function dollarsOf(tokens: Tokens, prices: Prices): number {
	const millionths =
		tokens.textInput * prices.textInput +
		tokens.imageInput * prices.imageInput +
		tokens.imageOutput * prices.imageOutput +
		tokens.textOutput * prices.textOutput;
	return round(millionths / PER_MILLION);
}

/** @returns what image output tokens cost, in USD to a millionth */
export const outputDollarsOf = (imageOutput: number, prices: Prices) =>
	dollarsOf({ textInput: 0, imageInput: 0, imageOutput, textOutput: 0 }, prices);

/**
 * Reads the tokens of a request from the usage the API reports.
 *
 * @param usage the `usage` of an answer
 * @returns `undefined` when it does not tell the kinds of input tokens apart, counts no output, or is not plausible
 */
export function tokensOf(usage: unknown): Tokens | undefined {
	if (!isRecord(usage)) return undefined;
	const input = isRecord(usage.input_tokens_details) ? usage.input_tokens_details : undefined;
	const output = isRecord(usage.output_tokens_details) ? usage.output_tokens_details : {};
	const textInput = count(input?.text_tokens);
	const imageInput = count(input?.image_tokens);
	const out = count(usage.output_tokens);
	const textOutput = count(output.text_tokens ?? 0);
	if (textInput === undefined || imageInput === undefined || textOutput === undefined)
		return undefined;
	// No image has no tokens: a gateway that says so, or has more text than output, does not count.
	if (!out || textOutput >= out) return undefined;
	return { textInput, imageInput, imageOutput: out - textOutput, textOutput };
}

/**
 * Computes what a request cost, at full price: discounts for cached input are not in the usage.
 *
 * @param answer fields of an answer
 * @param prices USD per million tokens
 * @returns USD, to a millionth; `undefined` where no right number can be given
 */
export function costOf(answer: IDataObject, prices: Prices | undefined): number | undefined {
	const tokens = tokensOf(answer.usage);
	// The model that writes an SVG is charged besides, at prices of its own.
	return !prices || !tokens || answer.svg_usage ? undefined : dollarsOf(tokens, prices);
}

/** A batch costs half of what the same requests cost at once (OpenAI's batch guide, 2026-11). */
const BATCH_SHARE = 0.5;

/** @returns what something costs in a batch, in USD to a millionth */
export const inBatch = (dollars: number) => round(dollars * BATCH_SHARE);

/** @returns USD to a millionth */
export const round = (dollars: number) => Math.round(dollars * PER_MILLION) / PER_MILLION;

/** Far more than a request can have: a larger number is a mistake. */
const MOST_TOKENS = 100_000_000;

/** @returns a plausible number of tokens, else `undefined` */
const count = (value: unknown) =>
	Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_TOKENS
		? Number(value)
		: undefined;

/** @returns what prices rest on, for `costBasis` */
export const basisOf = (isUsersOwn: boolean) =>
	isUsersOwn ? 'your prices' : `OpenAI prices of ${PRICES_DATE}`;
