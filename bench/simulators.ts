import { jsonParse } from 'n8n-workflow';
import { childProcess, events, path, process, repositoryRoot } from '../test/node';
import { MODEL, PROMPT } from './child/job';
import type { Stage } from './stage';

export interface Server {
	url: string;
	apiKey: string;
}

/** How the simulator answers. */
export interface Answers {
	/** Size of each image in bytes; when it is left out, images are drawn. */
	imageBytes?: number;
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

	/** Has one forget all files and batches. */
	async reset({ url }: Server) {
		await control(url, 'reset');
	}

	/** Has a batch made and finished. @returns its ID */
	async finishedBatch(server: Server, images: number): Promise<string> {
		const lines = Array.from({ length: images }, (_, line) => ({
			custom_id: `line-${line}`,
			method: 'POST',
			url: BATCH_ENDPOINT,
			body: { model: MODEL, prompt: PROMPT },
		}));
		const form = new FormData();
		const text = lines.map((line) => JSON.stringify(line)).join('\n');
		form.set('purpose', 'batch');
		form.set('file', new File([text], 'lines.jsonl'));
		const file = await post<{ id: string }>(server, 'files', form);
		const asked = { input_file_id: file.id, endpoint: BATCH_ENDPOINT, completion_window: '24h' };
		const batch = await post<{ id: string }>(server, 'batches', JSON.stringify(asked));
		await control(server.url, 'batches/finish');
		return batch.id;
	}

	/** Finishes all batches. @returns the ID of the newest */
	async finishNewest(server: Server): Promise<string> {
		await control(server.url, 'batches/finish');
		const response = await fetch(`${server.url}/batches?limit=1`, {
			headers: { authorization: `Bearer ${server.apiKey}` },
		});
		const { data } = jsonParse<{ data: Array<{ id: string }> }>(await response.text());
		const [newest] = data;
		if (!newest) throw new Error('Nothing was submitted');
		return newest.id;
	}

	/** How many requests are in the batches of one. */
	async linesInBatches(url: string): Promise<number> {
		const address = new URL('/control/batches/progress?finished=0', url);
		const response = await fetch(address, { method: 'POST' });
		const batches = jsonParse<Array<{ request_counts: { total: number } }>>(await response.text());
		return batches.reduce((all, { request_counts: counts }) => all + counts.total, 0);
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
				...['--port', '0', '--delay-ms', `${delayMs}`],
				...(imageBytes === undefined
					? ['--draw', 'picture']
					: ['--draw', 'noise', '--image-bytes', `${imageBytes}`]),
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
async function draw(server: Server) {
	await post(server, 'images/generations', JSON.stringify({ model: MODEL, prompt: PROMPT }));
}

const BATCH_ENDPOINT = '/v1/images/generations';

async function post<Answer>(
	server: Server,
	path: string,
	body: FormData | string,
): Promise<Answer> {
	const response = await fetch(`${server.url}/${path}`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${server.apiKey}`,
			...(typeof body === 'string' && { 'content-type': 'application/json' }),
		},
		body,
	});
	if (!response.ok) throw new Error(`The simulator answers ${response.status} to ${path}`);
	return jsonParse<Answer>(await response.text());
}

/** See `test/simulator/control.ts`. */
async function control(url: string, path: string) {
	const response = await fetch(new URL(`/control/${path}`, url), { method: 'POST' });
	if (!response.ok) throw new Error(`The simulator answers ${response.status} to ${path}`);
	await response.body?.cancel();
}
