import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../openai/client';

/** What tokens cost, in USD per million. */
export interface Prices {
	textInput: number;
	imageInput: number;
	imageOutput: number;
	/** Text the model writes besides the image; only some models charge for it. */
	textOutput: number;
}

/** The day the prices of the catalogue were read, YYYY-MM-DD. */
export const PRICES_DATE = '2026-11-22';

const PER_MILLION = 1_000_000;

/**
 * Computes what a request cost from the usage the API reports, at full price: discounts for cached input
 * are not in the usage.
 *
 * @param usage the `usage` of an answer
 * @param prices USD per million tokens
 * @returns USD, to a millionth; `undefined` when the usage does not tell the kinds of input tokens apart
 */
export function costOf(usage: unknown, prices: Prices): number | undefined {
	if (!isRecord(usage)) return undefined;
	const input = isRecord(usage.input_tokens_details) ? usage.input_tokens_details : undefined;
	const output = isRecord(usage.output_tokens_details) ? usage.output_tokens_details : {};
	const textIn = count(input?.text_tokens);
	const imageIn = count(input?.image_tokens);
	const out = count(usage.output_tokens);
	if (textIn === undefined || imageIn === undefined || out === undefined) return undefined;
	const textOut = count(output.text_tokens) ?? 0;
	const dollars =
		(textIn * prices.textInput +
			imageIn * prices.imageInput +
			(out - textOut) * prices.imageOutput +
			textOut * prices.textOutput) /
		PER_MILLION;
	return round(dollars);
}

/** @returns USD to a millionth */
export const round = (dollars: number) => Math.round(dollars * PER_MILLION) / PER_MILLION;

const count = (value: unknown) =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** @returns `cost` and `costBasis` of an item's JSON, or nothing where no right number can be given */
export function describeCost(
	answer: IDataObject,
	prices: Prices | undefined,
	isUsersOwn: boolean,
	images: number,
): IDataObject {
	// The model that writes an SVG is charged besides, at prices of its own.
	if (!prices || answer.svg_usage) return {};
	const cost = costOf(answer.usage, prices);
	if (cost === undefined) return {};
	return {
		cost: round(cost / images),
		costBasis: isUsersOwn ? 'your prices' : `OpenAI prices of ${PRICES_DATE}`,
	};
}
