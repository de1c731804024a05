import type { Contestant } from '../child/job';
import { CONTESTANTS } from '../contestants';
import { factorGoal, memoryGoal } from '../goals';
import type { Outcome } from '../outcome';
import { figure, measureAll, ratio, type Scope, type Section, type Table } from '../section';
import { megabytes, seconds, times } from '../units';
import { IMAGE_BYTES } from './memory';

/** Nobody else has batches of images. */
const WHO: Contestant[] = ['gptImage', 'floor'];

/** Batches: their images, fetched when they are finished, and thousands of requests handed in. */
export async function measureBatch(scope: Scope): Promise<Section> {
	const [images, lines] = scope.isQuick ? [20, 1_000] : [200, 10_000];
	const collected = await measureAll(scope, WHO, `batch of ${images} × 4.7 MB`, {
		operation: 'collect',
		batchImages: images,
		imageBytes: IMAGE_BYTES,
	});
	scope.runner.stopSimulators();
	const submitted = await measureAll(scope, WHO, `${lines} lines submitted`, {
		operation: 'submit',
		items: lines,
		// Nothing is drawn; but the simulator is not to be that of the warm-up, whose lines would count.
		imageBytes: 200_000,
	});
	const of = (contestant: Contestant, name: 'peakBytes' | 'wallMs') =>
		figure(collected.get(contestant), name);
	return {
		tables: [
			tableOf(
				`A batch of ${images} images of 4.7 MB is collected`,
				'Whether the images of a batch pass through, or are held.',
				collected,
			),
			tableOf(
				`${lines.toLocaleString('en')} requests are submitted as a batch`,
				'What handing in a night of work costs.',
				submitted,
				'The floor writes lines without any of the checks, and knows nothing of them afterwards.',
			),
		],
		goals: [
			...memoryGoal(
				`peak memory, a batch of ${images} images of 4.7 MB`,
				'at most',
				60_000_000,
				of('gptImage', 'peakBytes'),
			),
			...factorGoal(
				'time of the same, of that of the floor',
				'at most',
				1.3,
				ratio(of('gptImage', 'wallMs'), of('floor', 'wallMs')),
			),
		],
	};
}

function tableOf(
	title: string,
	shows: string,
	outcomes: Map<Contestant, Outcome>,
	note?: string,
): Table {
	const floorMs = figure(outcomes.get('floor'), 'wallMs');
	return {
		title,
		shows,
		note,
		head: ['', 'time', 'of the floor', 'CPU', 'peak above idle'],
		rows: [...outcomes].map(([contestant, outcome]) => {
			const name = CONTESTANTS[contestant];
			if ('failed' in outcome) return [name, `fails: ${outcome.failed.trim()}`, '', '', ''];
			const { wallMs, cpuMs, peakBytes } = outcome;
			const factor = ratio(wallMs, floorMs);
			return [
				name,
				seconds(wallMs),
				factor === undefined ? '' : times(factor),
				seconds(cpuMs),
				megabytes(peakBytes),
			];
		}),
	};
}
