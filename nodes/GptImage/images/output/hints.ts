import type { NodeExecutionHint } from 'n8n-workflow';
import { cheapestWays } from '../../cost/cheapest';
import { inBatch, round } from '../../cost/tokenCost';
import { sizeText } from '../scan/facts';
import { counted } from '../../values';
import type { MadeImage } from './items';

/** What came of a run, for the line that sums it up. */
export interface RunTotals {
	images: MadeImage[];
	/** Items of the run, and how many of them failed. */
	items: number;
	failed: number;
	durationMs: number;
}

/** What all items of an estimate come to. */
export interface EstimateTotals {
	items: number;
	images: number;
	/** USD for each item; `undefined` where there are no figures. */
	costs: Array<number | undefined>;
	/** WIDTHxHEIGHT in pixels, or what else was asked for. */
	size: string;
	/** Epoch milliseconds: models that shut down soon are not named. */
	now: number;
}

/** @returns a hint below the output of the node */
export const hint = (message: string, type: 'info' | 'warning'): NodeExecutionHint => ({
	message,
	type,
	location: 'outputPane',
});

/** @returns e.g. `3 images, $0.16, 48 s. 1 of 4 items failed.`; nothing when there is nothing to tell */
export function summaryOf({ images, items, failed, durationMs }: RunTotals): string | undefined {
	if (images.length === 0) return undefined;
	const told = images.flatMap(({ facts }) => facts.cost ?? []);
	const sum = told.reduce((all, cost) => all + cost, 0);
	const cost =
		told.length === 0 ? [] : [`${told.length < images.length ? 'at least ' : ''}${inDollars(sum)}`];
	const made = [counted(images.length, 'image'), ...cost, inSeconds(durationMs)].join(', ');
	return failed === 0 ? `${made}.` : `${made}. ${failed} of ${counted(items, 'item')} failed.`;
}

/** @returns what all items of an estimate cost, and how the same size is had for less */
export function estimateSummaryOf(totals: EstimateTotals): string {
	const { items, images, costs, size, now } = totals;
	const known = costs.filter((cost) => cost !== undefined);
	const sum = known.reduce((all, cost) => all + cost, 0);
	const what = `${counted(items, 'item')}, ${counted(images, 'image')}`;
	const total =
		known.length === 0
			? 'no figures are published for what they cost'
			: `${known.length < costs.length ? 'at least' : 'about'} ${inDollars(sum)}, in a batch ${inDollars(inBatch(sum))}`;
	const ways = cheapestWays(size, now).map(
		({ model, quality, cost, batchCost }) =>
			`${model} ${quality} ${inDollars(cost)} (${inDollars(batchCost)} in a batch)`,
	);
	const cheapest = ways.length > 0 ? ` Cheapest ways to ${size}: ${ways.join(', ')}.` : '';
	return `${what}: ${total}. Nothing was sent.${cheapest}`;
}

/** @returns one line for n8n's log about an image that was just made */
export function logLineOf({ stored, facts }: MadeImage, itemIndex: number, items: number): string {
	const { binary, dimensions } = stored;
	const parts = [
		binary.fileName,
		dimensions && sizeText(dimensions),
		facts.request.model,
		facts.cost === undefined ? undefined : inDollars(facts.cost),
		facts.durationMs === undefined ? undefined : inSeconds(facts.durationMs),
	];
	const about = parts.filter((part) => part !== undefined).join(', ');
	return `GPT Image: item ${itemIndex + 1} of ${items}: ${about}`;
}

/** In cents, or as exactly as small sums need. */
function inDollars(usd: number): string {
	if (usd === 0) return '$0.00';
	return usd >= 0.1 ? `$${usd.toFixed(2)}` : `$${round(usd).toPrecision(3).replace(/0+$/, '')}`;
}

const inSeconds = (ms: number) =>
	`${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`;
