import { memoryGoal, timeGoal } from '../goals';
import { figure, type Scope, type Section } from '../section';
import type { Task } from '../runner';
import { megabytes, seconds } from '../units';

/** What it costs to leave the rest of a picture as it is to the last pixel. */
export async function measureInpainting({ runner, repeats }: Scope): Promise<Section> {
	const edit: Task = { operation: 'edit', noisyInput: true };
	const entry = (key: 'free' | 'exact') => ({
		key,
		label: `inpainting, ${key}`,
		contestant: 'gptImage' as const,
		task: { ...edit, mask: key },
	});
	const outcomes = await runner.measureEach([entry('free'), entry('exact')], repeats);
	const [free, exact] = [outcomes.get('free'), outcomes.get('exact')];
	const [before, after] = [figure(free, 'cpuMs'), figure(exact, 'cpuMs')];
	const added = before === undefined || after === undefined ? undefined : after - before;
	const names = { free: 'as the API answers', exact: 'the rest as it was' };
	return {
		tables: [
			{
				title: 'An edit of 1536x1024 pixels with a mask',
				shows: 'What it costs to put the changed part into the picture that came in.',
				head: ['', 'time', 'CPU', 'peak above idle'],
				rows: [...outcomes].map(([key, outcome]) => {
					if ('failed' in outcome) return [names[key], `fails: ${outcome.failed.trim()}`, '', ''];
					const { wallMs, cpuMs, peakBytes } = outcome;
					return [names[key], seconds(wallMs), seconds(cpuMs), megabytes(peakBytes)];
				}),
				note: 'The pixels are noise, which is the hardest to compress. The simulator takes most of the time: it draws the answer.',
			},
		],
		goals: [
			...timeGoal('CPU added by exact inpainting of 1536x1024', 'at most', 500, added),
			...memoryGoal('peak memory of it', 'at most', 80_000_000, figure(exact, 'peakBytes')),
		],
	};
}
