import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { parseJson } from '../../nodes/GptImage/openai/response/jsonText';
import { isRecord } from '../../nodes/GptImage/values';
import type { ApiSession } from '../../nodes/GptImage/openai/callApi';
import { runNode } from '../../test/harness';
import { inNode } from '../../test/support/inNode';
import { modelById } from '../../test/support/parameters';
import type { DemoApi } from '../demo/api';
import type { Choice } from './cheapest';
import { startRecorder, type Exchange } from './recorder';

/** What was asked for and what came back. */
export interface Step {
	name: string;
	exchange: Exchange;
	/** The JSON of the node's item; absent where the node was not asked. */
	json?: IDataObject;
}

/** How an API is asked. */
export interface Asked {
	api: DemoApi;
	choice: Choice;
	say(text: string): void;
	signal: AbortSignal;
}

/** Asks an API through a recorder, and keeps the answers that are to be compared. */
export class Caller {
	readonly steps: Step[] = [];

	private constructor(
		readonly asked: Asked,
		private readonly recorder: Awaited<ReturnType<typeof startRecorder>>,
	) {}

	static async start(asked: Asked): Promise<Caller> {
		return new Caller(asked, await startRecorder(String(asked.api.credentials.baseUrl)));
	}

	/** Asks without the node. @returns the status @throws Error when nothing answers */
	async ask(name: string, path: string, key: unknown, body?: object): Promise<number> {
		const { say, signal, api } = this.asked;
		say(`  ${name}`);
		const answer = await fetch(`${this.recorder.url}${path}`, {
			method: body ? 'POST' : 'GET',
			headers: { authorization: `Bearer ${String(key)}`, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
			signal,
		}).catch(() => undefined);
		signal.throwIfAborted();
		if (!answer) throw new Error(`No API answers at ${api.name}`);
		this.record(name);
		return answer.status;
	}

	/** Runs the node, which makes small images. */
	async run(
		parameters: INodeParameters,
		items: INodeExecutionData[] = [{ json: {} }],
	): Promise<INodeExecutionData[]> {
		const { choice, signal } = this.asked;
		const { items: made } = await runNode({
			credentials: this.credentials(),
			parameters: {
				prompt: PROMPT,
				model: modelById(choice.model),
				size: choice.size,
				quality: 'low',
				options: { maxRetries: 0 },
				outputOptions: { simplify: false },
				...parameters,
			},
			items,
			signal,
			node: { onError: 'continueRegularOutput' },
		});
		signal.throwIfAborted();
		return made;
	}

	/** Uses the node's own code for files. */
	async work<Result>(work: (session: ApiSession) => Promise<Result>): Promise<Result> {
		return await inNode(this.credentials(), work);
	}

	/**
	 * Keeps the last answer for the comparison.
	 *
	 * @param call the last to this, e.g. `POST /files`
	 * @throws Error when there is none
	 */
	record(name: string, json?: IDataObject, call?: RegExp): void {
		const exchange = this.recorder.exchanges.findLast((one) => call?.test(one.call) ?? true);
		if (!exchange) throw new Error(`The API did not answer: ${String(json?.error ?? name)}`);
		this.steps.push({ name, exchange, json });
	}

	/** @returns ids of what was made at the API, by what the answers to such calls say */
	madeBy(call: string): string[] {
		return this.recorder.exchanges.flatMap((one) => {
			const said = one.call === call ? parseJson(one.body.toString('utf8')) : undefined;
			return isRecord(said) && typeof said.id === 'string' ? [said.id] : [];
		});
	}

	async close(): Promise<void> {
		await this.recorder.close();
	}

	private credentials() {
		return { ...this.asked.api.credentials, baseUrl: this.recorder.url };
	}
}

export const PROMPT = 'A red circle on a white ground';
