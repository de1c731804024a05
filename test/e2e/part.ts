import type { Host, HostVersion } from './host';
import type { Program } from './programs';
import type { Rig } from './rig';

/** What a part of the suite is given to work with. */
export interface E2e {
	/**
	 * Runs one named check. A check that throws, or takes longer than `limitMs` (default 180,000), is
	 * recorded as failed and the part goes on.
	 * @returns what the check returned; undefined when it failed
	 */
	check<T>(name: string, test: () => T | Promise<T>, limitMs?: number): Promise<T | undefined>;
	/** Adds a figure to the line of the part in the closing table. */
	note(figure: string): void;
	/** Records a check that could not be done here, and why. */
	notRun(name: string, reason: string): void;
	/** Has something stopped or removed at the end of the part, whatever happens. Last in, first out. */
	defer(stop: () => unknown): void;
	/** Writes a line of progress. */
	say(line: string): void;
	/** An installed n8n, from the cache if it is there. */
	host(version?: HostVersion): Promise<Host>;
	/** Path of this package as npm would publish it, packed once for all parts. */
	tarball(): Promise<string>;
	/** The n8n with simulator that all parts share. Parts may `reset` the simulator. */
	rig(): Promise<Rig>;
}

/** A part of the suite. */
export interface Part {
	/** What it is called on the command line. */
	name: string;
	/** Programs of the system it needs; without them it is reported as not run. */
	needs?: Program[];
	/** @throws anything: recorded as a failure of the part */
	run(e2e: E2e): Promise<void>;
}
