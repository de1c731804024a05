import { childProcess, events, path, process, repositoryRoot } from '../test/node';
import { MODEL, PROMPT } from './child/job';
import type { Stage } from './stage';

export interface Server {
	url: string;
	apiKey: string;
}

/** How the simulator answers. */
export interface Answers {
	imageBytes: number;
	delayMs: number;
}

/** Simulators of the Images API, each a process of its own; one of each kind is started when it is first asked for. */
export class Simulators {
	private readonly running = new Map<string, Promise<Server>>();
	private readonly processes: childProcess.ChildProcess[] = [];

	constructor(private readonly stage: Stage) {}

	async get(answers: Answers): Promise<Server> {
		const key = JSON.stringify(answers);
		const server = this.running.get(key) ?? this.start(answers);
		this.running.set(key, server);
		return await server;
	}

	/** Ends all of them, by their process ids. */
	stop() {
		for (const simulator of this.processes) simulator.kill();
		this.processes.length = 0;
		this.running.clear();
	}

	private async start({ imageBytes, delayMs }: Answers): Promise<Server> {
		const simulator = childProcess.spawn(
			process.execPath,
			[
				this.stage.script('test/simulator/cli.ts'),
				...[
					'--port',
					'0',
					'--draw',
					'noise',
					'--image-bytes',
					`${imageBytes}`,
					'--delay-ms',
					`${delayMs}`,
				],
			],
			{
				stdio: ['pipe', 'pipe', 'inherit'],
				env: { ...process.env, NODE_PATH: path.join(repositoryRoot, 'node_modules') },
			},
		);
		this.processes.push(simulator);
		const [line]: unknown[] = await Promise.race([
			events.once(simulator.stdout, 'data'),
			events.once(simulator, 'exit').then(() => {
				throw new Error('The simulator did not start; see above');
			}),
		]);
		const { url, apiKey }: Server = JSON.parse(String(line));
		await draw({ url, apiKey });
		return { url, apiKey };
	}
}

/** The simulator makes its image when it is first asked; that is not to be anyone's time. */
async function draw({ url, apiKey }: Server) {
	const response = await fetch(`${url}/images/generations`, {
		method: 'POST',
		headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({ model: MODEL, prompt: PROMPT }),
	});
	if (!response.ok) throw new Error(`The simulator answers ${response.status}`);
	await response.body?.cancel();
}
