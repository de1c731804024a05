import { round } from './tokenCost';
import { RequestFailure, type BudgetFailure } from '../errors/failure';
import type { Stop } from '../openai/retry/stop';
import { Mutex } from '../openai/retry/mutex';

/** This many requests may go ahead whose cost nobody can tell, neither before nor afterwards. */
const MOST_UNTOLD = 3;

/** Money set aside for one request. */
export interface Reservation {
	/** @param usd what it cost; `undefined` when nobody can tell */
	settle(usd: number | undefined): void;
}

/**
 * Keeps a run below what it may cost, in USD. First come, first served: a request that does not fit waits until
 * what is under way has turned out cheaper than estimated, or is refused.
 */
export class Budget {
	private reserved = 0;
	private underWay = 0;
	/** Requests under way that nobody could estimate. */
	private unknown = 0;
	/** How often the cost of such a request could not be told afterwards either. */
	private untold = 0;
	private readonly mutex = new Mutex();

	/**
	 * @param limit USD
	 * @param spent USD that count as spent from the beginning
	 */
	constructor(
		private readonly limit: number,
		private spent = 0,
	) {}

	/** What was spent so far, in USD. */
	get total(): number {
		return this.spent;
	}

	/**
	 * Sets money aside before a request is sent. Where no estimate is possible, one request goes ahead
	 * and the others wait for what it turns out to cost.
	 *
	 * @param estimate what it will cost as far as that is known by now, in USD
	 * @param stop ends the wait
	 * @throws {RequestFailure} `budget`; the reason of the stop
	 */
	async reserve(estimate: () => number | undefined, stop: Stop): Promise<Reservation> {
		return await this.mutex.runExclusive(async () => {
			for (;;) {
				stop.throwIfReached();
				const usd = estimate();
				if (usd === undefined ? this.mayTry : this.fits(usd)) return this.open(usd);
				if (this.underWay === 0) throw this.refusal(usd);
				await this.mutex.nextChange(stop);
			}
		});
	}

	private fits(usd: number) {
		return round(this.spent + this.reserved + usd) <= this.limit;
	}

	private get mayTry() {
		const left = this.limit - this.spent - this.reserved;
		return this.unknown === 0 && this.untold < MOST_UNTOLD && left > 0;
	}

	private open(usd: number | undefined): Reservation {
		const isUnknown = usd === undefined;
		this.reserved += usd ?? 0;
		this.unknown += isUnknown ? 1 : 0;
		this.underWay += 1;
		return {
			settle: (cost) => {
				this.reserved -= usd ?? 0;
				this.unknown -= isUnknown ? 1 : 0;
				this.underWay -= 1;
				this.spent += cost ?? usd ?? 0;
				this.untold += isUnknown && cost === undefined ? 1 : 0;
				this.mutex.changed();
			},
		};
	}

	private refusal(estimate: number | undefined): RequestFailure {
		const spent = round(this.spent);
		const wouldCost =
			estimate === undefined
				? 'Nobody can tell what the request would cost'
				: `The request would cost about ${inExactDollars(estimate)}`;
		const reason = `${wouldCost}; ${inExactDollars(spent)} of ${inExactDollars(this.limit)} are spent`;
		return budgetReached(reason, { estimatedCost: estimate, spent, limit: this.limit });
	}
}

/** @returns why something was not sent */
export function budgetReached(
	reason: string,
	{ estimatedCost, spent, limit }: BudgetFailure['budget'],
): RequestFailure {
	const budget = { ...(estimatedCost !== undefined && { estimatedCost }), spent, limit };
	return new RequestFailure({ kind: 'budget', code: 'budget_reached', reason, budget });
}

/** In cents, or as exactly as need be. */
export const inExactDollars = (usd: number) =>
	`$${usd.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
