import fc from 'fast-check';
import { ACCIDENTS, tryToSubmit } from '../support/accidents';
import { batchRequest, filesOf, requestFile, submissionOf } from '../support/batches';
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

const accidentsOf = fc.array(fc.tuple(fc.nat({ max: 24 }), fc.constantFrom(...ACCIDENTS)), {
	minLength: 1,
	maxLength: 3,
});

it('never makes a batch twice and leaves no file behind, whatever happens at any step', async () => {
	const photos = [await picture('png'), await picture('png', { colour: 'red' })].map(({ bytes }) =>
		requestFile(bytes),
	);
	const [photo, mask] = photos;
	if (!photo || !mask) throw new Error('There are no pictures');
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
						// One of the edits is put together with its first image.
						...(item === 1 && { mask, keepRest: { first: photo, mask, softEdge: 8 } }),
					}),
				);
				const submission = await submissionOf(requests, { most: 2, run });
				done = await tryToSubmit(simulator, submission, new Map(accidents));
			}
			expect(done).toBe(true);
			expect(simulator.api.stats().batchesCreated).toBe(2);
			expect(await filesOf(simulator.api)).toMatchObject({ unused: [], missing: [] });
		},
	);
	await fc.assert(property, { numRuns: 60 });
});
