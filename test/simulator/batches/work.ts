import { crypto } from '../../node';
import { imagesAnswer } from '../answer';
import { badRequest, type ErrorBody } from '../apiError';
import { isRecord } from '../body';
import type { DiskContent } from '../files/content';
import type { ImagesContext } from '../images';
import type { FileReader } from '../inputs';
import { toApiError } from '../send';
import type { Made } from '../studio';
import { understand, type Asked } from '../understand';
import { usageOf } from '../usage';
import type { Operation } from '../validate';
import type { InputLine } from './input';

/** What became of a request of a batch. */
export type Outcome = { requestId: string } & (
	| { status: 200; tokens: Tokens; drawn: boolean }
	| { status: number; error: ErrorBody }
);

/** Tokens of finished requests. */
export interface Tokens {
	input: number;
	output: number;
}

/** What the requests of a batch need. */
export interface WorkContext extends ImagesContext {
	/** The bytes of a file, also of one that is gone by now. */
	readGoneFile: FileReader;
}

/** Carries out the requests of one batch. */
export class Worker {
	constructor(
		private readonly batchId: string,
		private readonly operation: Operation,
		private readonly input: DiskContent,
		private readonly context: WorkContext,
	) {}

	/**
	 * Carries out a request: checks it and puts it on the bill. Its images are drawn when the results
	 * are read, so that they need no memory till then.
	 */
	async carryOut(line: InputLine): Promise<Outcome> {
		const requestId = `req_${crypto.randomBytes(16).toString('hex')}`;
		return await this.pay(line).then(
			(tokens) => ({ requestId, status: 200, tokens, drawn: false }),
			(error: unknown) => {
				const { status, body } = toApiError(error);
				return { requestId, status, error: body };
			},
		);
	}

	/** @throws ApiError */
	private async pay(line: InputLine): Promise<Tokens> {
		const { limits, ledger, readFile } = this.context;
		const { batchId, operation } = this;
		const { customId } = line;
		const { request, inputs } = await this.read(line, readFile);
		const { prompt, n: images, model } = request;
		if (request.stream) {
			throw badRequest("'stream' is not supported in a batch.", 'stream', 'invalid_value');
		}
		limits.spend(images);
		ledger.paid.push({ operation, model: model.id, prompt, images, batchId, customId });
		const usage = usageOf(request, inputs);
		return { input: usage.input_tokens, output: usage.output_tokens };
	}

	/** The body of the answer of a request that was carried out. @param created in seconds */
	async *answer(line: InputLine, again: boolean, created: number): AsyncGenerator<Buffer> {
		const { studio, readGoneFile } = this.context;
		const { request, inputs } = await this.read(line, readGoneFile);
		const images: Made[] = [];
		for (let index = 0; index < request.n; index += 1) {
			images.push(await studio.make(request, inputs, index, again));
		}
		yield* imagesAnswer(request, inputs, images, {}, created).body;
	}

	private async read({ start, length }: InputLine, readFile: FileReader): Promise<Asked> {
		const text = (await this.input.part(start, length)).toString('utf8');
		const line: unknown = JSON.parse(text);
		const body = isRecord(line) && isRecord(line.body) ? line.body : {};
		return await understand(this.operation, body, undefined, this.context.rules, readFile);
	}
}
