import { memoryGoal, timeGoal } from '../goals';
import type { Outcome } from '../outcome';
import type { Task } from '../runner';
import { figure, type Scope, type Section, type Table } from '../section';
import { megabytes, seconds } from '../units';

const NAMES = { free: 'as the API answers', exact: 'the rest as it was' };

type Mask = keyof typeof NAMES;

/** What it costs to leave the rest of a picture as it is to the last pixel, at once and when a batch is fetched. */
export async function measureInpainting({ runner, repeats, isQuick }: Scope): Promise<Section> {
	const measure = async (label: string, task: Task, times = repeats) => {
		const entries = (['free', 'exact'] as const).map((mask) => ({
			key: mask,
			label: `${label}, ${mask}`,
			contestant: 'gptImage' as const,
			task: { ...task, noisyInput: true, mask },
		}));
		return await runner.measureEach(entries, times);
	};
	const edit = await measure('inpainting', { operation: 'edit' });
	const images = isQuick ? 3 : 10;
	// The simulator of the warm-up, which has no delay, forgets its batches before each measurement.
	const batch: Task = { operation: 'collect', batchImages: images, delayMs: 1 };
	// Each of them takes the simulator some seconds to draw.
	const fetched = await measure(`batch of ${images} edits`, batch, 1);
	return {
		tables: [
			tableOf(
				'An edit of 1536x1024 pixels with a mask',
				'What it costs to put the changed part into the picture that came in.',
				edit,
				'The pixels are noise, which is the hardest to compress.',
			),
			tableOf(
				`A batch of ${images} such edits is collected`,
				'What the same costs when the pictures that came in lie at OpenAI.',
				fetched,
				'Measured once.',
			),
		],
		goals: [
			...timeGoal('CPU added by exact inpainting of 1536x1024', 'at most', 500, added(edit)),
			...memoryGoal('peak memory of it', 'at most', 80_000_000, peakOf(edit)),
			...timeGoal(
				'CPU added by it for an image of a batch',
				'at most',
				500,
				added(fetched, images),
			),
			...memoryGoal(
				`peak memory, a batch of ${images} of them`,
				'at most',
				80_000_000,
				peakOf(fetched),
			),
		],
	};
}

/** @returns milliseconds of CPU for each of so many images */
function added(outcomes: Map<Mask, Outcome>, images = 1): number | undefined {
	const [before, after] = [outcomes.get('free'), outcomes.get('exact')].map((outcome) =>
		figure(outcome, 'cpuMs'),
	);
	return before === undefined || after === undefined ? undefined : (after - before) / images;
}

const peakOf = (outcomes: Map<Mask, Outcome>) => figure(outcomes.get('exact'), 'peakBytes');

function tableOf(title: string, shows: string, outcomes: Map<Mask, Outcome>, note?: string): Table {
	return {
		title,
		shows,
		note,
		head: ['', 'time', 'CPU', 'peak above idle'],
		rows: [...outcomes].map(([mask, outcome]) => {
			if ('failed' in outcome) return [NAMES[mask], `fails: ${outcome.failed.trim()}`, '', ''];
			const { wallMs, cpuMs, peakBytes } = outcome;
			return [NAMES[mask], seconds(wallMs), seconds(cpuMs), megabytes(peakBytes)];
		}),
	};
}
