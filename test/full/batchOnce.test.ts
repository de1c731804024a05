import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';
import { submit, type Submission } from '../../nodes/GptImage/batch/submit';
import type { ApiSession } from '../../nodes/GptImage/openai/callApi';
import { batchRequest, filesOf, requestFile, submissionOf } from '../support/batches';
import { inNode } from '../support/inNode';
import { picture } from '../support/pictures';
import { useSimulator } from '../support/simulator';

// The pauses between attempts are of no interest here.
jest.mock('../../nodes/GptImage/openai/retry/wait', () => ({
	wait: async (_: number, stop: { throwIfReached(): void }) => {
		await Promise.resolve();
		stop.throwIfReached();
	},
}));

const simulator = useSimulator({ draw: 'noise', imageBytes: 3000 });

/**
 * What happens to one call: n8n is killed before it was sent or when its answer had come, the connection broke
 * before or after the API did what it was asked, or the server has a fault.
 */
const ACCIDENTS = ['killedBefore', 'killedAfter', 'resetBefore', 'resetAfter', 'fault'] as const;
type Accident = (typeof ACCIDENTS)[number];

class Killed extends Error {}

/** A session in which accidents happen to calls, by their number. After a kill nothing more is done. */
function withAccidents(session: ApiSession, accidents: Map<number, Accident>) {
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
					simulator.api.misbehave({ on: 'files', status: 500 }, { on: 'batches', status: 500 });
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

/** One try to submit. @returns whether it brought batches for all parts */
async function tryOnce(submission: Submission, accidents: Map<number, Accident>): Promise<boolean> {
	return await inNode(simulator.credentials(), async (real) => {
		const { session, killed } = withAccidents(real, accidents);
		const end = await Promise.race([submit(session, submission), killed]).catch(
			(error: unknown) => error,
		);
		return Array.isArray(end) && end.every((result) => 'batch' in result);
	});
}

const accidentsOf = fc.array(fc.tuple(fc.nat({ max: 24 }), fc.constantFrom(...ACCIDENTS)), {
	minLength: 1,
	maxLength: 3,
});

it('never makes a batch twice and leaves no file behind, whatever happens at any step', async () => {
	const photos = [await picture('png'), await picture('png', { colour: 'red' })].map(({ bytes }) =>
		requestFile(bytes),
	);
	const property = fc.asyncProperty(
		fc.array(accidentsOf, { minLength: 1, maxLength: 3 }),
		fc.constantFrom('the same run', 'a new execution', 'the same run with other prompts'),
		async (tries, who) => {
			simulator.api.reset();
			let done = false;
			for (const [index, accidents] of [...tries, []].entries()) {
				if (done) break;
				const run = `${who === 'a new execution' ? index : 0}`.padEnd(64, 'a');
				const prompt = who === 'the same run with other prompts' ? `try ${index}` : 'a fox';
				const requests = [0, 1, 2, 3].map((item) =>
					batchRequest(item, {
						fields: { prompt },
						images: item < 2 ? photos.slice(0, item + 1) : [],
					}),
				);
				const submission = await submissionOf(requests, { most: 2, run });
				done = await tryOnce(submission, new Map(accidents));
			}
			expect(done).toBe(true);
			expect(simulator.api.stats().batchesCreated).toBe(2);
			expect(await filesOf(simulator.api)).toMatchObject({ unused: [], missing: [] });
		},
	);
	await fc.assert(property, { numRuns: 60 });
});
