import {
	isFinal,
	listBatches,
	LONGEST_LIFE_SECONDS,
	MOST_BATCHES,
	type Batch,
} from '../openai/batches';
import type { ApiSession } from '../openai/callApi';
import { readMetadata } from './metadata';

/** What is remembered between two looks, in n8n's data of the workflow. */
export interface Seen {
	/** When the newest batch was created that there was at the last look, in epoch seconds; 0 without one. */
	newest: number;
	/** Batches that had ended by then, as far as they may be listed again. */
	ended: string[];
}

/** Batches that have ended since the last look. */
export interface Look {
	/** In the order in which they ended. */
	ended: Batch[];
	seen: Seen;
}

/**
 * Looks for batches of this node that have ended, each once, however much time lies between two looks. The first look
 * finds none: what had ended by then is old.
 *
 * @param before what the last look remembered; `undefined` for the first
 * @throws {RequestFailure} when batches cannot be listed
 */
export async function lookForEnded(session: ApiSession, before: Seen | undefined): Promise<Look> {
	const known = new Set(before?.ended);
	const ended: Batch[] = [];
	const still: string[] = [];
	let newest: number | undefined;
	for await (const batch of listBatches(session, MOST_BATCHES)) {
		newest ??= batch.createdAt;
		const since = Math.min(before?.newest ?? newest, newest) - LONGEST_LIFE_SECONDS;
		if (batch.createdAt < since) break;
		if (!isFinal(batch) || !readMetadata(batch)) continue;
		if (before && !known.has(batch.id)) ended.push(batch);
		if (batch.createdAt >= newest - LONGEST_LIFE_SECONDS) still.push(batch.id);
	}
	ended.sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
	return { ended, seen: { newest: newest ?? before?.newest ?? 0, ended: still } };
}

/** @returns the batch of this node that was created last and has ended */
export async function newestEnded(
	session: ApiSession,
	isWanted: (batch: Batch) => boolean,
): Promise<Batch | undefined> {
	for await (const batch of listBatches(session, MOST_BATCHES)) {
		if (isFinal(batch) && readMetadata(batch) && isWanted(batch)) return batch;
	}
	return undefined;
}

/** @returns what was remembered; `undefined` when nothing was, or nothing that can be read */
export function readSeen({ newest, ended }: Record<string, unknown>): Seen | undefined {
	if (typeof newest !== 'number' || !Array.isArray(ended)) return undefined;
	return { newest, ended: ended.filter((id) => typeof id === 'string') };
}

/** @returns whether a batch has this name, whoever has submitted it; every batch, when none is given */
export const isNamed = ({ metadata }: Batch, name: string) => name === '' || metadata.name === name;
