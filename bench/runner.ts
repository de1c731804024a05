import { childProcess, fs, path, process, repositoryRoot } from '../test/node';
import type { Assignment, Contestant, Job, Measurement } from './child/job';
import { CONTESTANTS } from './contestants';
import { describe, isOutcome, medianOf, type Outcome } from './outcome';
import { Simulators } from './simulators';
import type { Stage } from './stage';
import { noiseImage } from './input';

/** What a row of the benchmark asks for; the rest of a job has usual values. */
export type Task = Pick<Job, 'imageBytes'> &
	Partial<Pick<Job, 'items' | 'n' | 'lanes' | 'inputs' | 'operation'>> & {
		/** Size of each input image, in bytes. */
		inputBytes?: number;
		/** Milliseconds the server takes for a request. */
		delayMs?: number;
	};

/** Something to measure, under a key of its own. */
export interface Entry<Key extends string> {
	key: Key;
	/** For the progress line. */
	label: string;
	contestant: Contestant;
	task: Task;
}

const WARM_UP_BYTES = 100_000;

/** Measures contestants, each time in a process forked for it, and tells how it goes. */
export class Runner {
	private readonly simulators: Simulators;
	private readonly inputs = new Map<number, Promise<string>>();
	private child: childProcess.ChildProcess | undefined;

	/** How the peaks of this machine are found. */
	peakFrom: Measurement['peakFrom'] = 'VmHWM';

	/**
	 * @param host n8n's built-in nodes with their engine; without it the engine is that of the tests
	 * @param profiles folder that takes a CPU profile of each measurement
	 */
	constructor(
		private readonly stage: Stage,
		private readonly host: string | undefined,
		private readonly signal: AbortSignal,
		private readonly say: (text: string) => void,
		private readonly profiles?: string,
	) {
		this.simulators = new Simulators(stage);
		signal.addEventListener('abort', () => this.stop());
	}

	/** The contestants that can take part. */
	has(contestant: Contestant): boolean {
		return this.host !== undefined || !['builtIn', 'httpRequest'].includes(contestant);
	}

	/**
	 * Measures several contestants, taking turns, so that a busy machine hits them alike.
	 *
	 * @param repeats how many processes for each; the median of each figure counts
	 * @returns in the order of the contestants
	 */
	async measureEach<Key extends string = Contestant>(
		entries: Array<Entry<Key>>,
		repeats: number,
	): Promise<Map<Key, Outcome>> {
		const found = new Map(entries.map(({ key }): [Key, Outcome[]] => [key, []]));
		for (let round = 0; round < repeats; round += 1) {
			for (const { key, label, contestant, task } of entries) {
				const earlier = found.get(key) ?? [];
				if (earlier.some((outcome) => 'failed' in outcome)) continue;
				earlier.push(await this.measure(label, contestant, task));
			}
		}
		return new Map([...found].map(([key, outcomes]) => [key, medianOf(outcomes)]));
	}

	private async measure(label: string, contestant: Contestant, task: Task): Promise<Outcome> {
		const assignment = { contestant, ...(await this.jobs(task)) };
		this.signal.throwIfAborted();
		const outcome = await this.fork(assignment);
		this.signal.throwIfAborted();
		this.say(`${label} · ${CONTESTANTS[contestant]}: ${describe(outcome)}`);
		if (!('failed' in outcome)) this.peakFrom = outcome.peakFrom;
		return outcome;
	}

	/** Ends the simulators; the next measurement starts those it needs. */
	stopSimulators() {
		this.simulators.stop();
	}

	stop() {
		this.child?.kill('SIGKILL');
		this.simulators.stop();
	}

	private async jobs(task: Task): Promise<Pick<Assignment, 'job' | 'warmUp'>> {
		const { imageBytes, delayMs = 0, inputBytes = WARM_UP_BYTES } = task;
		const job: Job = {
			operation: task.operation ?? 'generate',
			items: task.items ?? 1,
			n: task.n ?? 1,
			inputs: task.inputs ?? 1,
			lanes: task.lanes,
			imageBytes,
			input: await this.input(inputBytes),
			...(await this.simulators.get({ imageBytes, delayMs })),
		};
		const warmUp: Job = {
			...job,
			items: 1,
			n: 1,
			inputs: 1,
			imageBytes: WARM_UP_BYTES,
			input: await this.input(WARM_UP_BYTES),
			...(await this.simulators.get({ imageBytes: WARM_UP_BYTES, delayMs: 0 })),
		};
		return { job, warmUp };
	}

	private async input(bytes: number): Promise<string> {
		const made = this.inputs.get(bytes) ?? noiseImage(this.stage.folder, bytes);
		this.inputs.set(bytes, made);
		return await made;
	}

	private async fork(assignment: Assignment): Promise<Outcome> {
		const own = path.join(repositoryRoot, 'node_modules');
		const inEngine = !['sdk', 'floor'].includes(assignment.contestant);
		const temporary = fs.mkdtempSync(path.join(this.stage.folder, 'run-'));
		const child = childProcess.fork(
			this.stage.script('bench/child/main.ts'),
			[JSON.stringify(assignment)],
			{
				execArgv: [
					'--expose-gc',
					...(this.profiles ? ['--cpu-prof', `--cpu-prof-dir=${this.profiles}`] : []),
				],
				env: {
					...process.env,
					NODE_PATH: inEngine ? (this.host ?? own) : own,
					TMPDIR: temporary,
				},
				stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			},
		);
		this.child = child;
		const outcome = await new Promise<Outcome>((resolve) => {
			let last = '';
			child.stderr?.on('data', (text: Buffer) => {
				last = `${last}${text.toString()}`.slice(-2000);
			});
			child.on('message', (message: unknown) => {
				resolve(isOutcome(message) ? message : { failed: 'an unknown message' });
			});
			child.on('error', (error) => resolve({ failed: error.message }));
			child.on('exit', (code, signal) => resolve({ failed: reason(last, signal ?? code) }));
		});
		if (child.exitCode === null && child.signalCode === null) {
			await new Promise((resolve) => child.once('exit', resolve));
		}
		fs.rmSync(temporary, { recursive: true, force: true });
		return outcome;
	}
}

function reason(errors: string, end: string | number | null): string {
	const fatal = /FATAL ERROR: ([^\n]+)|^\w*Error: ([^\n]+)/m.exec(errors);
	return fatal?.[1] ?? fatal?.[2] ?? `the process ended with ${end}`;
}
