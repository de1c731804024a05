import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { readBinary, runNode, storeBinary, useBinaryMode } from '../../harness';
import { crypto } from '../../node';
import { startSimulator, type Simulator } from '../../simulator';
import { closedPort } from '../../support/loopback';
import { asSaved, imagesFrom } from '../../support/parameters';
import type { TestFile } from '../../support/pictures';
import { rawImages } from './answers';
import { countArrived } from './bareClient';
import type { FaultCase, OperationName, Setting } from './faultCase';
import { startRawServer, type RawServer } from '../../support/rawServer';
import { turns } from '../../support/events';
import { LARGE_IMAGE } from './store';

/** What came of one run. */
export interface Outcome {
	setting: string;
	operation: string;
	/** Of the error item, without its item number; empty when there is none. */
	message: string;
	kind: string;
	/** The node sent the request again, or tried to. */
	askedAgain: boolean;
	/** Requests that reached the server. */
	requests: number;
	/** Images on the items; each was read and compared. */
	kept: number;
	/** Images that the server's answers held whole. */
	arrived: number;
	/** Connections still open afterwards. */
	sockets: number;
}

/** Requests that a case applies to; the node may send again once, so both fail. */
const TIMES = 2;

/** The simulators of a rig, by the size of their images. */
interface Servers {
	small: Simulator;
	large: Simulator;
}

async function startServers(): Promise<Servers> {
	return {
		small: await startSimulator({ draw: 'noise', imageBytes: 3000 }),
		large: await startSimulator({ draw: 'noise', imageBytes: LARGE_IMAGE }),
	};
}

/** One operation with one setting, and servers of its own. */
export class Rig {
	private constructor(
		readonly operation: OperationName,
		readonly setting: Setting,
		private servers: Servers,
		private readonly photo: { stored: IBinaryData; inline: IBinaryData },
	) {}

	/** @param file picture that edits start from */
	static async start(operation: OperationName, setting: Setting, file: TestFile): Promise<Rig> {
		const { bytes, fileName, mimeType } = file;
		await useBinaryMode(setting.mode);
		const stored = await storeBinary(bytes, fileName, mimeType);
		const inline = { data: bytes.toString('base64'), fileName, mimeType };
		return new Rig(operation, setting, await startServers(), { stored, inline });
	}

	/**
	 * Runs the node under the fault.
	 *
	 * @param pauses how often nodes have paused so far, to send a request again
	 */
	async run(faultCase: FaultCase, pauses: () => number): Promise<Outcome> {
		const api = faultCase.store ? this.servers.large : this.servers.small;
		const raw = faultCase.reply && (await startRawServer(faultCase.reply));
		const baseUrl = await this.target(faultCase, api, raw);
		const arm = () => {
			api.reset();
			if (faultCase.fault) api.misbehave({ times: TIMES, ...faultCase.fault });
		};
		arm();
		const before = pauses();
		const items = await this.runNode(faultCase, baseUrl);
		const hasPaused = pauses() > before;
		const sockets = await openSockets(api, raw);
		const requests = raw?.requests() ?? api.requests.length;
		const kept = await this.countKept(items, api);
		arm();
		let arrived = 0;
		for (let turn = 0; turn < requests; turn++) {
			arrived += await countArrived(baseUrl, this.body);
		}
		api.reset();
		await raw?.close();
		if (sockets > 0) await this.renew();
		const { error = '', details } = items.at(-1)?.json ?? {};
		return {
			setting: this.setting.name,
			operation: this.operation,
			message: String(error).replace(/ \[item 1\]$/, ''),
			kind: isRecord(details) ? String(details.kind) : 'none',
			// Where no request arrives, nobody else pauses meanwhile.
			askedAgain: requests > 1 || (requests === 0 && hasPaused),
			requests,
			kept,
			arrived,
			sockets,
		};
	}

	async close(): Promise<void> {
		await Promise.all([this.servers.small.close(), this.servers.large.close()]);
	}

	/** A connection that was left open must not count against the next case. */
	private async renew(): Promise<void> {
		await this.close();
		this.servers = await startServers();
	}

	private async runNode({ options, store }: FaultCase, baseUrl: string) {
		const { operation, setting } = this;
		// A broken store could not hand out the input either, so there it comes inside the item.
		const photo = store === undefined ? this.photo.stored : this.photo.inline;
		const { items } = await runNode({
			parameters: asSaved({
				operation,
				prompt: 'a fox',
				n: setting.n,
				...(operation === 'edit' && { images: imagesFrom('photo') }),
				options: { maxRetries: 1, ...setting.options, ...options },
			}),
			credentials: { apiKey: this.servers.small.apiKey, baseUrl },
			items: [{ json: {}, ...(operation === 'edit' && { binary: { photo } }) }],
			node: { onError: 'continueRegularOutput' },
		});
		return items;
	}

	/** The JSON of a generation that gets the same answer. */
	private get body() {
		const isStream = this.setting.options.keepAlive === true;
		const { n } = this.setting;
		const stream = isStream ? { stream: true, partial_images: 3 } : {};
		return { model: 'gpt-image-2', prompt: 'a fox', n, ...stream };
	}

	private async target({ target }: FaultCase, api: Simulator, raw: RawServer | undefined) {
		switch (target) {
			case 'closedPort':
				return `http://127.0.0.1:${await closedPort()}/v1`;
			case 'unknownHost':
				return 'http://does-not-exist.invalid/v1';
			case 'https':
				return api.url.replace('http:', 'https:');
			default:
				return raw?.url ?? api.url;
		}
	}

	/** Every image that is handed on must be the very one that was sent. */
	private async countKept(items: INodeExecutionData[], api: Simulator): Promise<number> {
		const sent = new Set(api.images.map(({ sha256 }) => sha256));
		for (const image of rawImages) sent.add(sha256(image));
		const binaries = items.flatMap(({ binary }) => Object.values(binary ?? {}));
		const bytes = await Promise.all(binaries.map(readBinary));
		return bytes.filter((image) => sent.has(sha256(image))).length;
	}
}

const sha256 = (bytes: Buffer) => crypto.createHash('sha256').update(bytes).digest('hex');

async function openSockets(api: Simulator, raw: RawServer | undefined): Promise<number> {
	const count = () => api.openSockets() + (raw?.openSockets() ?? 0);
	for (let turn = 0; count() > 0 && turn < 2000; turn++) await turns(1);
	return count();
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;
