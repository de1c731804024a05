import fc from 'fast-check';
import { collect } from '../../../nodes/GptImage/batch/collect';
import { submit } from '../../../nodes/GptImage/batch/submit';
import { retrieveBatch } from '../../../nodes/GptImage/openai/batches';
import { readBinary, storedFiles } from '../../harness';
import { batchRequest, submissionOf } from '../../support/batches';
import { inNode } from '../../support/inNode';
import { sha256 } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';

// The pauses between attempts are of no interest here.
jest.mock('../../../nodes/GptImage/openai/retry/wait', () => ({
	wait: async (_: number, stop: { throwIfReached(): void }) => {
		await Promise.resolve();
		stop.throwIfReached();
	},
}));

const simulator = useSimulator();

async function submitted(items: number, fields = {}): Promise<string> {
	const requests = Array.from({ length: items }, (_, item) =>
		batchRequest(item, { fields: { size: '1024x1024', quality: 'low', ...fields } }),
	);
	const submission = await submissionOf(requests);
	const [result] = await inNode(
		simulator.credentials(),
		async (session) => await submit(session, submission),
	);
	if (!result || !('batch' in result)) throw new Error('There is no batch');
	return result.batch.id;
}

const collected = async (batchId: string) =>
	await inNode(simulator.credentials(), async (session, context) => {
		const batch = await retrieveBatch(session, batchId);
		return await collect(context, session, batch);
	});

type Results = Awaited<ReturnType<typeof collected>>;

const hashesOf = async ({ lines }: Results) =>
	await Promise.all(
		lines
			.flatMap(({ result }) => result?.images ?? [])
			.map(async ({ binary }) => sha256(await readBinary(binary))),
	);

it('stores each image once, whatever happens to the connection', async () => {
	const batchId = await submitted(4);
	await simulator.api.batches.finish();
	const expected = await hashesOf(await collected(batchId));
	expect(new Set(expected).size).toBe(4);
	const files = await simulator.api.files.existing();
	const output = files.find(({ purpose }) => String(purpose) === 'batch_output');
	const bytes = fc.nat({ max: output?.bytes ?? 0 });
	const accident = fc.oneof(
		bytes.map((count) => ({ resetAfterBytes: count })),
		bytes.map((count) => ({ truncateAfterBytes: count })),
		fc.constantFrom({ status: 500 }, { status: 503 }, { resetAfterBytes: -1 }),
		fc.record({ chunkBytes: fc.integer({ min: 1000, max: 100_000 }) }),
	);
	const property = fc.asyncProperty(fc.array(accident, { maxLength: 4 }), async (accidents) => {
		const before = await storedFiles();
		const faults = accidents.map((fault) => ({ on: 'files.content' as const, ...fault }));
		simulator.api.misbehave(...faults);
		const again = await collected(batchId);
		expect(await hashesOf(again)).toEqual(expected);
		expect(again.lines.map(({ entry }) => entry.item)).toEqual([0, 1, 2, 3]);
		expect(await storedFiles()).toHaveLength(before.length + 4);
	});
	await fc.assert(property, { numRuns: 15 });
});
