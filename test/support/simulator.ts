import { runNode, type NodeRun, type NodeRunResult } from '../harness';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import { asSaved } from './parameters';

/** The day the simulators of the tests live in: decides which models run. */
export const TODAY = '2026-11-22';

/** Files that are always there. */
const SAMPLE_FILES = ['file-AbC123', 'file-DeF456'];

/** A simulator for the tests of one file. */
export interface TestSimulator {
	/** Throws before the first test. */
	readonly api: Simulator;
	/** A credential it accepts. */
	credentials(more?: object): { apiKey: string; baseUrl: string };
	/** Runs the node against it; `options` stands for all that can be added in the panel. */
	run(run: NodeRun): Promise<NodeRunResult>;
}

/** Starts a simulator before the tests of a file, empties it after each, and closes it at the end. */
export function useSimulator(options: SimulatorOptions = {}): TestSimulator {
	let started: Simulator | undefined;
	const simulator = (): Simulator => {
		if (!started) throw new Error('The simulator runs only during tests');
		return started;
	};
	beforeAll(async () => {
		started = await startSimulator({ today: TODAY, sampleFiles: SAMPLE_FILES, ...options });
	});
	afterEach(() => simulator().reset());
	afterAll(async () => await simulator().close());
	const credentials = (more = {}) => ({
		apiKey: simulator().apiKey,
		baseUrl: simulator().url,
		...more,
	});
	return {
		get api() {
			return simulator();
		},
		credentials,
		run: async ({ parameters = {}, ...run }) =>
			await runNode({ credentials: credentials(), ...run, parameters: asSaved(parameters) }),
	};
}
