/** The longest that Node's timers can do (2^31 - 1); a longer one would ring at once. */
const LONGEST_MS = 2_147_483_647;

/**
 * Calls back after a while, for as many as want it, with next to no timers. Nodes may not use `setTimeout`, and the timer
 * of an `AbortSignal` cannot be cleared: Node keeps it, with all that hangs on it, until it rings. With one for each
 * request, a run of a thousand would hold thousands for minutes.
 */
export class AlarmClock {
	private readonly alarms = new Set<{ at: number; ring: () => void }>();
	/** When the timers ring that are under way, the earliest last. */
	private readonly timers: number[] = [];

	/**
	 * @param ms from now, in milliseconds
	 * @returns what takes the alarm back
	 */
	set(ms: number, ring: () => void): () => void {
		const alarm = { at: performance.now() + ms, ring };
		this.alarms.add(alarm);
		this.demandTimer(alarm.at);
		return () => this.alarms.delete(alarm);
	}

	/** A timer that rings earlier sets the next one, if that is still wanted then. */
	private demandTimer(at: number) {
		const earliest = this.timers.at(-1);
		if (earliest !== undefined && earliest <= at) return;
		this.timers.push(at);
		const ms = Math.max(0, Math.ceil(at - performance.now()));
		AbortSignal.timeout(Math.min(ms, LONGEST_MS)).addEventListener('abort', () => this.ring());
	}

	private ring() {
		this.timers.pop();
		const now = performance.now();
		const due = [...this.alarms].filter(({ at }) => at <= now);
		for (const alarm of due) {
			this.alarms.delete(alarm);
			alarm.ring();
		}
		const next = Math.min(...[...this.alarms].map(({ at }) => at));
		if (Number.isFinite(next)) this.demandTimer(next);
	}
}
