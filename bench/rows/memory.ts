import type { Contestant } from '../child/job';
import { factorGoal } from '../goals';
import { CONTESTANTS } from '../contestants';
import type { Outcome } from '../outcome';
import type { Task } from '../runner';
import {
	barsOf,
	figure,
	measureAll,
	ratio,
	type Scope,
	type Section,
	type Table,
} from '../section';
import { megabytes, seconds, times } from '../units';

const ALL: Contestant[] = ['gptImage', 'builtIn', 'httpRequest', 'sdk', 'floor'];

/** One image as `gpt-image` makes it at high quality. */
export const IMAGE_BYTES = 4_700_000;

/** Peak memory of large answers and large edits. */
export async function measureMemory(scope: Scope): Promise<Section> {
	const each = async (label: string, contestants: Contestant[], task: Task) =>
		await measureAll(scope, contestants, label, task);
	const ten: Task = { operation: 'edit', n: 10, imageBytes: IMAGE_BYTES };
	const answer = await each('10 images of 4.7 MB', ALL, ten);
	const large = await each('10 images of 47 MB', ALL, { ...ten, imageBytes: 10 * IMAGE_BYTES });
	scope.runner.stopSimulators();
	const edit: Task = { operation: 'edit', imageBytes: 1_000_000, inputBytes: 20_000_000 };
	const inputs = await each(
		'edit of 16 × 20 MB',
		ALL.filter((contestant) => contestant !== 'httpRequest'),
		{ ...edit, inputs: 16 },
	);
	const input = await each('edit of 1 × 20 MB', ALL, edit);
	const peak = (outcomes: Map<Contestant, Outcome>, contestant: Contestant) =>
		figure(outcomes.get(contestant), 'peakBytes');
	const share = (outcomes: Map<Contestant, Outcome>) =>
		ratio(peak(outcomes, 'gptImage'), peak(outcomes, 'builtIn'));
	return {
		tables: [
			tableOf('One answer with 10 images of 4.7 MB', ANSWER, answer, BY_EDIT),
			tableOf('One answer with 10 images of 47 MB', LARGE, large, BY_EDIT),
			tableOf('One edit with 16 inputs of 20 MB', INPUTS, inputs, NO_ARRAY),
			tableOf('One edit with 1 input of 20 MB', INPUT, input),
		],
		goals: [
			...factorGoal(
				"peak memory, one answer with 10 images of 4.7 MB, of that of n8n's OpenAI node",
				'at most',
				0.15,
				share(answer),
			),
			...factorGoal(
				'the same, of that of the floor',
				'at most',
				1.5,
				ratio(peak(answer, 'gptImage'), peak(answer, 'floor')),
			),
			...factorGoal(
				'one answer with images 10 times as large, of the peak of the smaller ones',
				'at most',
				1.2,
				ratio(peak(large, 'gptImage'), peak(answer, 'gptImage')),
			),
			...factorGoal(
				"peak memory, an edit with 16 inputs of 20 MB, of that of n8n's OpenAI node",
				'at most',
				0.12,
				share(inputs),
			),
		],
		bars: [
			barsOf('Peak memory, 10 × 4.7 MB', 'MB', answer, 'peakBytes', 1e6),
			barsOf('Peak memory, edit of 16 × 20 MB', 'MB', inputs, 'peakBytes', 1e6),
		],
	};
}

const BY_EDIT =
	"Everyone asks with an edit of one small image: Generate of n8n's OpenAI node has no number of images for these models.";

const NO_ARRAY = 'HTTP Request cannot send several images: the rows of its form are keyed by name.';

const ANSWER = 'The memory that an answer with many images takes while it arrives.';
const LARGE = 'The same with images ten times as large: who holds them, and who lets them pass.';
const INPUTS = 'The memory that the largest edit the API takes needs while it is sent.';
const INPUT = 'The same with one input, as most edits are.';

function tableOf(
	title: string,
	shows: string,
	outcomes: Map<Contestant, Outcome>,
	note?: string,
): Table {
	const own = figure(outcomes.get('gptImage'), 'peakBytes');
	return {
		title,
		shows,
		note,
		head: ['', 'peak above idle', 'of this node', 'time', 'CPU', 'idle'],
		rows: [...outcomes].map(([contestant, outcome]) => {
			const name = CONTESTANTS[contestant];
			if ('failed' in outcome) return [name, `fails: ${outcome.failed.trim()}`, '', '', '', ''];
			const { peakBytes, wallMs, cpuMs, idleBytes } = outcome;
			const factor = ratio(peakBytes, own);
			return [
				name,
				megabytes(peakBytes),
				factor === undefined ? '' : times(factor),
				seconds(wallMs),
				seconds(cpuMs),
				megabytes(idleBytes),
			];
		}),
	};
}
