import type { Contestant } from '../child/job';
import { factorGoal } from '../goals';
import { CONTESTANTS } from '../contestants';
import { barsOf, figure, measureAll, ratio, type Scope, type Section } from '../section';
import { megabytes, seconds, times } from '../units';
import { IMAGE_BYTES } from './memory';

const ALL: Contestant[] = ['gptImage', 'builtIn', 'httpRequest', 'sdk', 'floor'];

/** More than elsewhere: processor time depends on what else the machine does. */
const REPEATS = 5;

/** Processor time of an image from the answer to the disk: many images, one by one. */
export async function measureCpu(scope: Scope): Promise<Section> {
	const items = scope.isQuick ? 40 : 100;
	const task = { items, concurrency: 1, imageBytes: IMAGE_BYTES };
	const repeats = scope.isQuick ? 1 : REPEATS;
	const outcomes = await measureAll(
		{ ...scope, repeats },
		ALL,
		`${items} × 4.7 MB one by one`,
		task,
	);
	const cpu = (contestant: Contestant) => figure(outcomes.get(contestant), 'cpuMs');
	return {
		tables: [
			{
				title: `${items} images of 4.7 MB, one by one`,
				shows: 'What an image costs a processor on its way from the answer into the store.',
				head: ['', 'CPU per image', 'of the floor', 'time per image', 'peak above idle'],
				rows: [...outcomes].map(([contestant, outcome]) => {
					const name = CONTESTANTS[contestant];
					if ('failed' in outcome) return [name, `fails: ${outcome.failed}`, '', '', ''];
					const factor = ratio(outcome.cpuMs, cpu('floor'));
					return [
						name,
						seconds(outcome.cpuMs / items),
						factor === undefined ? '' : times(factor),
						seconds(outcome.wallMs / items),
						megabytes(outcome.peakBytes),
					];
				}),
				note: `Medians of ${repeats}. HTTP Request starts all at once, also here.`,
			},
		],
		goals: [
			...factorGoal(
				'CPU per image of 4.7 MB, of the floor',
				'at most',
				1.1,
				ratio(cpu('gptImage'), cpu('floor')),
			),
			...factorGoal(
				"the same, of n8n's OpenAI node",
				'at most',
				1,
				ratio(cpu('gptImage'), cpu('builtIn')),
			),
		],
		bars: [barsOf('CPU per image of 4.7 MB', 'ms', outcomes, 'cpuMs', items)],
	};
}
