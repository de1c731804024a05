import type { Submission } from '../../../nodes/GptImage/batch/submit';
import { tryToSubmit, type Accident } from '../../support/accidents';
import { batchRequest, filesOf, requestFile, submissionOf } from '../../support/batches';
import { picture } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';

// The pauses between attempts are of no interest here.
jest.mock('../../../nodes/GptImage/openai/retry/wait', () => ({
	wait: async (_: number, stop: { throwIfReached(): void }) => {
		await Promise.resolve();
		stop.throwIfReached();
	},
}));

afterEach(() => jest.restoreAllMocks());

const simulator = useSimulator({ draw: 'noise', imageBytes: 3000 });

/** The calls of a submission of two batches, in order, and what they are for. */
const CALLS: Array<[call: string, step: string]> = [
	['GET /v1/batches?limit=100', 'batches are listed'],
	['GET /v1/files?purpose=batch&order=desc&limit=100', 'files are listed'],
	['GET /v1/files?purpose=vision&order=desc&limit=100', 'pictures are listed'],
	['POST /v1/files', 'the first picture is uploaded'],
	['POST /v1/files', 'the first manifest is uploaded'],
	['POST /v1/files', 'the first input is uploaded'],
	['POST /v1/batches', 'the first batch is created'],
	['POST /v1/files', 'the second picture is uploaded'],
	['POST /v1/files', 'the second manifest is uploaded'],
	['POST /v1/files', 'the second input is uploaded'],
	['POST /v1/batches', 'the second batch is created'],
];
const STEPS = CALLS.map(([, step], index): [string, number] => [step, index]);

/** Two batches with a picture each, and the first has that of the second, too. */
async function submission({ run = 'a', prompt = 'a fox' } = {}): Promise<Submission> {
	const [fox, hen] = await Promise.all(
		['red', 'blue'].map(async (colour) => requestFile((await picture('png', { colour })).bytes)),
	);
	if (!fox || !hen) throw new Error('There are no pictures');
	const fields = { prompt };
	const requests = [[fox], [fox, hen]].map((images, item) =>
		batchRequest(item, { fields, images }),
	);
	return await submissionOf(requests, { most: 1, run: run.repeat(64) });
}

const submitted = async (given: Submission, ...accidents: Array<[number, Accident]>) =>
	await tryToSubmit(simulator, given, new Map(accidents));

const accountAfterwards = async () => ({
	batches: simulator.api.stats().batchesCreated,
	...(await filesOf(simulator.api)),
});

const creations = () =>
	simulator.api.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/batches');

const clean = { batches: 2, unused: [], missing: [] };

it('takes these calls', async () => {
	expect(await submitted(await submission())).toBe(true);
	expect(simulator.api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
		CALLS.map(([call]) => call),
	);
});

describe.each<[Accident, string]>([
	['killedAfter', 'n8n is killed'],
	['resetAfter', 'the connection breaks'],
	['fault', 'the server fails'],
])('no batch is made twice and no file is left behind (%s)', (accident, what) => {
	it.each(STEPS)(`when ${what} as %s`, async (_, step) => {
		const isDone = await submitted(await submission(), [step, accident]);
		if (!isDone) expect(await submitted(await submission())).toBe(true);
		expect(await accountAfterwards()).toMatchObject(clean);
	});
});

/** What is left then: files only; a batch of two; a batch and files for another. */
const LEFT = STEPS.filter(([, step]) => [5, 6, 9].includes(step));

describe('what a killed try has left is used', () => {
	it.each(LEFT)('by a new execution of the same requests (killed as %s)', async (_, step) => {
		await submitted(await submission(), [step, 'killedAfter']);
		expect(await submitted(await submission({ run: 'b' }))).toBe(true);
		expect(await accountAfterwards()).toMatchObject(clean);
	});

	it.each(LEFT)('or deleted by the same run with other prompts (killed as %s)', async (_, step) => {
		await submitted(await submission(), [step, 'killedAfter']);
		expect(await submitted(await submission({ prompt: 'a hen' }))).toBe(true);
		expect(await accountAfterwards()).toMatchObject(clean);
	});

	it.each([
		[24, true],
		[48, false],
	])('while it outlives a batch: after %i hours, %s', async (hours, isUsed) => {
		await submitted(await submission(), [5, 'killedAfter']);
		const before = (await simulator.api.files.existing()).map(({ id }) => id);
		const now = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => now() + hours * 3_600_000);
		await submitted(await submission());
		const used = (await simulator.api.batches.all()).map((batch) => batch.input_file_id);
		expect(used.some((id) => before.includes(id))).toBe(isUsed);
		expect(await accountAfterwards()).toMatchObject(clean);
	});
});

describe('a batch that cannot be created', () => {
	it('is tried twice, and leaves nothing behind', async () => {
		simulator.api.misbehave({ on: 'batches.create', status: 500, times: 2 });
		expect(await submitted(await submission())).toBe(false);
		expect(creations()).toHaveLength(3);
		expect(await accountAfterwards()).toMatchObject({ batches: 1, unused: [], missing: [] });
	});

	it('is tried once where its input cannot be deleted: it may come into being later', async () => {
		simulator.api.misbehave(
			{ on: 'batches.create', status: 500, times: 2 },
			{ on: 'files.delete', status: 403, times: Infinity },
		);
		expect(await submitted(await submission())).toBe(false);
		expect(creations()).toHaveLength(2);
	});
});
