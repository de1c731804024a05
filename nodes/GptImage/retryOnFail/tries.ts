import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';
import { Budget } from '../cost/budget';
import type { MadeImage } from '../images/output/items';

/** How long what a failed try has made is kept for the next one; n8n waits 5 seconds at most in between. */
const KEEP_MS = 10 * 60_000;

/** Most images whose place is remembered. */
const MOST_IMAGES = 10_000;

/** n8n-core 2.41.1, `WorkflowExecute.getRetryParams`: how often a node is run in all. */
const triesOf = (maxTries: number | undefined) => Math.min(5, Math.max(2, maxTries || 3));

/** What one call of an item has led to so far. */
export interface MadeBefore {
	/** Tells which request it was. */
	fingerprint: string;
	/** In the order of the answers. */
	images: MadeImage[];
	/** What the user should know of them. */
	warnings: string[];
	/** Nothing is missing. */
	isWhole: boolean;
}

/**
 * By n8n's own object for one visit of the execution at a node: it hands the same one to each try, and another in the
 * next round of a loop, in another execution or workflow. Once n8n lets go of it, nothing is left here.
 */
const visits = new WeakMap<IExecuteData, Tries>();

/**
 * What the tries of a node with Retry On Fail hand on to each other: where the images lie that were made, and what was
 * spent. It has no bytes of images in it, and is gone once a try succeeds, or after some minutes.
 */
export class Tries {
	private readonly calls = new Map<string, MadeBefore>();
	private images = 0;
	/** Tries that have begun. */
	private count = 0;
	private endedAt = Infinity;
	private lastBudget: Budget | undefined;

	private constructor(private readonly mostTries: number) {}

	/** @returns `undefined` when n8n will not try again, or does not tell which visit this is */
	static begin(context: IExecuteFunctions): Tries | undefined {
		const { name, retryOnFail, maxTries } = context.getNode();
		if (retryOnFail !== true || typeof context.getExecuteData !== 'function') return undefined;
		const visit = context.getExecuteData();
		// A tool that an agent calls by itself is shown the visit at the agent.
		if (visit.node.name !== name) return undefined;
		const before = visits.get(visit);
		const isFresh = before !== undefined && Date.now() - before.endedAt <= KEEP_MS;
		const tries = isFresh ? before : new Tries(triesOf(maxTries));
		visits.set(visit, tries);
		tries.count += 1;
		tries.endedAt = Infinity;
		return tries;
	}

	/** @returns a budget in which what the earlier tries have spent is spent already; the user pays for them all */
	budget(limit: number): Budget {
		this.lastBudget = new Budget(limit, this.lastBudget?.total);
		return this.lastBudget;
	}

	/** Whether n8n will run the node again if this try fails. */
	get isAnotherLeft(): boolean {
		return this.count < this.mostTries;
	}

	/** @returns what the same request of the same item has led to in an earlier try */
	find(itemIndex: number, call: number, fingerprint: string): MadeBefore | undefined {
		const made = this.calls.get(`${itemIndex}/${call}`);
		return made?.fingerprint === fingerprint ? made : undefined;
	}

	/** Images that n8n keeps inside of the items, as bytes, are not remembered. */
	keep(itemIndex: number, call: number, made: MadeBefore) {
		const files = filesOf(made);
		if (files.length === 0 || files.some(({ binary }) => binary.id === undefined)) return;
		const place = `${itemIndex}/${call}`;
		const more = files.length - filesOf(this.calls.get(place)).length;
		if (this.images + more > MOST_IMAGES) return;
		this.images += more;
		this.calls.set(place, made);
	}

	/** To be called at the end of each try. */
	end(isSuccess: boolean) {
		this.endedAt = Date.now();
		if (isSuccess) {
			this.forget();
			return;
		}
		const { count } = this;
		const held = new WeakRef(this);
		AbortSignal.timeout(KEEP_MS).addEventListener('abort', () => {
			const tries = held.deref();
			if (tries?.count === count) tries.forget();
		});
	}

	private forget() {
		this.calls.clear();
		this.images = 0;
	}
}

const filesOf = (made: MadeBefore | undefined) =>
	(made?.images ?? []).flatMap(({ stored, partials }) => [stored, ...partials]);
