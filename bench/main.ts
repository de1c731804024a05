import { process } from '../test/node';
import { findHost, installHost, versionsOf } from './host';
import { readOptions, USAGE, type Options, type RowName } from './options';
import { toText, writeResults } from './report';
import { measureBatch } from './rows/batch';
import { measureCpu } from './rows/cpu';
import { measureGrowth } from './rows/growth';
import { measureInpainting } from './rows/inpainting';
import { measureMemory } from './rows/memory';
import { measurePackage } from './rows/package';
import { measureParallel } from './rows/parallel';
import { Runner } from './runner';
import type { Scope, Section } from './section';
import { makeStage, type Stage } from './stage';
import type { Contestant } from './child/job';

/** Processes per measurement; their median counts. */
const REPEATS = 3;

/** For tuning: what has to be better, and what cannot be. */
const FOCUS: Contestant[] = ['gptImage', 'floor', 'builtIn'];

const started = performance.now();

const say = (text: string) => {
	const elapsed = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
	process.stdout.write(`${elapsed} s  ${text}\n`);
};

/** Measures what was asked for, one row after the other, and reports. It never fails on a number. */
async function main(): Promise<void> {
	const options = readOptions();
	if (!options) {
		process.stdout.write(USAGE);
		return;
	}
	const controller = new AbortController();
	const { signal } = controller;
	const stop = () => controller.abort(new Error('interrupted'));
	process.on('SIGINT', stop).on('SIGTERM', stop);
	const stage = makeStage();
	let runner: Runner | undefined;
	try {
		const host = needsHost(options) ? await installHost(signal, say) : findHost();
		if (!host) say("n8n's own nodes are left out: a run without arguments installs them");
		runner = new Runner(stage, host, signal, say, options.profiles);
		const sections = await measure(options, runner, stage);
		if (options.isFocused || options.isQuick) return;
		const files = await writeResults(sections, {
			versions: versionsOf(host),
			repeats: REPEATS,
			peakFrom: runner.peakFrom,
			tookMs: performance.now() - started,
		});
		say(`written into bench/: ${files.join(', ')}`);
	} finally {
		runner?.stop();
		stage.remove();
	}
}

/** A quick look is to be quick: it takes n8n's nodes only when they are there. */
function needsHost({ rows, isQuick, isFocused }: Options): boolean {
	return !isQuick && (!isFocused || rows.some((row) => row === 'parallel' || row === 'growth'));
}

async function measure(
	{ rows, isQuick, isFocused }: Options,
	runner: Runner,
	stage: Stage,
): Promise<Section[]> {
	const isTuning = isFocused && rows.some((row) => row === 'cpu' || row === 'memory');
	const scope: Scope = {
		runner,
		repeats: isQuick ? 1 : REPEATS,
		isQuick,
		among: (contestants) =>
			contestants.filter((one) => runner.has(one) && (!isTuning || FOCUS.includes(one))),
	};
	const measures: Record<RowName, () => Promise<Section>> = {
		parallel: async () => await measureParallel(scope),
		memory: async () => await measureMemory(scope),
		cpu: async () => await measureCpu(scope),
		growth: async () => await measureGrowth(scope),
		batch: async () => await measureBatch(scope),
		inpainting: async () => await measureInpainting(scope),
		package: async () => await measurePackage(stage),
	};
	const sections: Section[] = [];
	for (const row of rows) {
		const section = await measures[row]();
		runner.stopSimulators();
		process.stdout.write(toText(section));
		sections.push(section);
	}
	return sections;
}

void main().catch((error: unknown) => {
	process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
