import type { IExecuteFunctions } from 'n8n-workflow';
import { submit, type Submission } from '../../nodes/GptImage/batch/submit';
import type { ApiSession } from '../../nodes/GptImage/openai/callApi';
import { inNode } from './inNode';
import type { TestSimulator } from './simulator';

/**
 * What happens to one call: n8n is killed before it was sent or when its answer had come, the connection broke
 * before or after the API did what it was asked, or the server has a fault.
 */
export const ACCIDENTS = [
	'killedBefore',
	'killedAfter',
	'resetBefore',
	'resetAfter',
	'fault',
] as const;
export type Accident = (typeof ACCIDENTS)[number];

class Killed extends Error {}

/** A session in which accidents happen to calls, by their number. After a kill nothing more is done. */
function withAccidents(
	{ api }: TestSimulator,
	session: ApiSession,
	accidents: Map<number, Accident>,
) {
	let calls = 0;
	let kill: (error: Error) => void = () => {};
	const killed = new Promise<never>((_, reject) => {
		kill = reject;
	});
	killed.catch(() => {});
	let isDead = false;
	const never = new Promise<never>(() => {});
	const { context } = session;
	const underWay = new Set<Promise<unknown>>();
	const die = async () => {
		isDead = true;
		// What was sent already arrives all the same, but not long after.
		await Promise.allSettled(underWay);
		kill(new Killed());
		return await never;
	};
	const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
	const helpers = Object.create(context.helpers, {
		httpRequestWithAuthentication: {
			value: async function call(this: IExecuteFunctions, ...given: [string, object]) {
				if (isDead) return await never;
				const accident = accidents.get(calls++);
				if (accident === 'killedBefore') return await die();
				if (accident === 'resetBefore') throw reset();
				if (accident === 'fault')
					api.misbehave({ on: 'files', status: 500 }, { on: 'batches', status: 500 });
				const sent = context.helpers.httpRequestWithAuthentication.call(
					this,
					given[0],
					given[1] as never,
				);
				underWay.add(sent);
				const answer: unknown = await sent.finally(() => underWay.delete(sent));
				if (accident === 'killedAfter') return await die();
				if (accident === 'resetAfter') throw reset();
				return answer;
			},
		},
	});
	return {
		session: { ...session, context: Object.create(context, { helpers: { value: helpers } }) },
		killed,
	};
}

/** One try to submit, with accidents on the way. @returns whether it brought batches for all parts */
export async function tryToSubmit(
	simulator: TestSimulator,
	submission: Submission,
	accidents: Map<number, Accident>,
): Promise<boolean> {
	return await inNode(simulator.credentials(), async (real) => {
		const { session, killed } = withAccidents(simulator, real, accidents);
		const end = await Promise.race([submit(session, submission), killed]).catch(
			(error: unknown) => error,
		);
		return Array.isArray(end) && end.every((result) => 'batch' in result);
	});
}
