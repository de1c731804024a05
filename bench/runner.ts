import { childProcess, fs, path, process, repositoryRoot } from '../test/node';
import type { Assignment, Contestant, Job, Measurement } from './child/job';
import { CONTESTANTS } from './contestants';
import { describe, isOutcome, medianOf, type Outcome } from './outcome';
import { Simulators, type Server } from './simulators';
import type { Stage } from './stage';
import { noisyImage, paddedImage } from './input';

/** What a row of the benchmark asks for; the rest of a job has usual values. */
export type Task = Partial<
	Pick<Job, 'items' | 'n' | 'concurrency' | 'inputs' | 'operation' | 'mask'>
> & {
	/** Size of each image that comes back, in bytes; when it is left out, the simulator draws it. */
	imageBytes?: number;
	/** How many images the batch to collect has. */
	batchImages?: number;
	/** Size of each input image, in bytes. */
	inputBytes?: number;
	/** An input image whose pixels are noise, of 1536 x 1024 pixels, in place of one of a size in bytes. */
	noisyInput?: boolean;
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

/**
 * V8 lets garbage pile up to the size of its young generation, which grows from 1 to 16 MB while n8n is loaded, and
 * stays small in a bare script. All begin at the same size, so that what is compared is what they hold.
 */
const YOUNG_GENERATION = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/** Measures contestants, each time in a process forked for it, and tells how it goes. */
export class Runner {
	private readonly simulators: Simulators;
	private readonly inputs = new Map<number | 'noise', Promise<string>>();
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
		const outcome = await this.checked(assignment.job, await this.fork(assignment));
		this.signal.throwIfAborted();
		this.say(`${label} · ${CONTESTANTS[contestant]}: ${describe(outcome)}`);
		if (!('failed' in outcome)) this.peakFrom = outcome.peakFrom;
		return outcome;
	}

	/** Who did not hand in everything was fast for nothing. */
	private async checked({ operation, items, url }: Job, outcome: Outcome): Promise<Outcome> {
		if (operation !== 'submit' || 'failed' in outcome) return outcome;
		const lines = await this.simulators.linesInBatches(url);
		return lines === items ? outcome : { failed: `${lines} of ${items} lines were submitted` };
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
		const job = await this.job(task);
		const isDrawn = task.imageBytes === undefined;
		const warmUp = await this.job({
			...task,
			items: 1,
			n: 1,
			inputs: 1,
			batchImages: 1,
			delayMs: 0,
			imageBytes: isDrawn ? undefined : WARM_UP_BYTES,
			inputBytes: WARM_UP_BYTES,
			noisyInput: false,
		});
		return { job, warmUp };
	}

	private async job(task: Task): Promise<Job> {
		const { operation = 'generate', imageBytes, delayMs = 0, batchImages = 1 } = task;
		const { items = 1, n = 1, inputs = 1, concurrency, mask } = task;
		const server = await this.simulators.get({ imageBytes, delayMs });
		// What one has sent, the next is not to find, nor to wait for while the server remembers it.
		await this.simulators.reset(server);
		return {
			operation,
			items,
			n,
			inputs,
			concurrency,
			mask,
			input: await this.input(task.noisyInput ? 'noise' : (task.inputBytes ?? WARM_UP_BYTES)),
			batchId: operation === 'collect' ? await this.finishedBatch(task, server) : undefined,
			...(operation !== 'submit' && {
				results: operation === 'collect' ? batchImages : items * n,
			}),
			imageBytes,
			...server,
		};
	}

	/** What an edit keeps is known to a batch that this node has submitted. */
	private async finishedBatch(task: Task, server: Server): Promise<string> {
		const { batchImages = 1, mask } = task;
		if (mask === undefined) return await this.simulators.finishedBatch(server, batchImages);
		const job = await this.job({ ...task, operation: 'submit', items: batchImages });
		const outcome = await this.fork({ contestant: 'gptImage', warmUp: job, job });
		if ('failed' in outcome) throw new Error(outcome.failed);
		return await this.simulators.finishNewest(server);
	}

	/** The path of an image of so many bytes, or of one whose pixels are noise. */
	private async input(kind: number | 'noise'): Promise<string> {
		const { folder } = this.stage;
		const make = async () =>
			kind === 'noise' ? await noisyImage(folder) : await paddedImage(folder, kind);
		const made = this.inputs.get(kind) ?? make();
		this.inputs.set(kind, made);
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
					...YOUNG_GENERATION,
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
