import { AlarmClock } from './alarmClock';

/**
 * Tells many listeners that something is over. Stands in for an AbortSignal inside the node: Node warns about
 * more than ten listeners on one of those, and a run has one for each request.
 */
export class Stop {
	private readonly listeners = new Set<() => void>();
	private reached: { reason: unknown } | undefined;

	/** @param alarms ring for what may not take too long: all requests of a run share the clock */
	constructor(readonly alarms = new AlarmClock()) {}

	get isReached(): boolean {
		return this.reached !== undefined;
	}

	/** What was given to {@link reach}. */
	get reason(): unknown {
		return this.reached?.reason;
	}

	/** Tells all listeners, once. */
	reach(reason: unknown) {
		if (this.reached) return;
		this.reached = { reason };
		for (const listener of [...this.listeners]) listener();
		this.listeners.clear();
	}

	/**
	 * @param listener is told at once when it is over already
	 * @returns what ends the listening
	 */
	listen(listener: () => void): () => void {
		if (this.isReached) listener();
		else this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/** @throws the reason when it is over */
	throwIfReached() {
		if (this.reached) throw this.reached.reason;
	}
}
