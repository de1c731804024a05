import { submit } from '../../../nodes/GptImage/batch/submit';
import { Stop } from '../../../nodes/GptImage/openai/retry/stop';
import { batchRequest, filesOf, requestFile, submissionOf } from '../../support/batches';
import { until } from '../../support/events';
import { inNode } from '../../support/inNode';
import { picture } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator({ draw: 'noise', imageBytes: 3000 });

/** Submits, and stops the execution once this is so. @returns what submitting threw */
async function stopOnce(isTime: () => boolean): Promise<unknown> {
	const photo = requestFile((await picture('png')).bytes);
	const submission = await submissionOf([batchRequest(0, { images: [photo] })]);
	const stop = new Stop();
	const submitting = inNode(
		simulator.credentials(),
		async (session) => await submit(session, submission).catch((error: unknown) => error),
		{ stop },
	);
	await until(isTime);
	stop.reach(new Error('stopped'));
	return await submitting;
}

it('ends a batch that is being created, and leaves no file behind', async () => {
	simulator.api.misbehave({ on: 'batches.create', answerDelayMs: 60_000 });
	const end = await stopOnce(() => simulator.api.stats().batchesCreated === 1);
	expect(end).toEqual(new Error('stopped'));
	const [batch] = await simulator.api.batches.all();
	expect(batch?.status).toBe('cancelling');
	expect((await filesOf(simulator.api)).own).toEqual([]);
});

it('deletes what was uploaded', async () => {
	simulator.api.misbehave({ on: 'batches.create', delayMs: 60_000 });
	const end = await stopOnce(() =>
		simulator.api.requests.some(({ method, path }) => method === 'POST' && path === '/v1/batches'),
	);
	expect(end).toEqual(new Error('stopped'));
	expect((await filesOf(simulator.api)).own).toEqual([]);
});
