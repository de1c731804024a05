import sharp from 'sharp';
import { isRecord } from '../../nodes/GptImage/values';
import { parseJson } from '../../nodes/GptImage/openai/response/jsonText';
import type { Exchange } from './recorder';
import type { Step } from './caller';

/** One thing that is otherwise in the API than in the simulator; `undefined` where it is missing. */
export interface Difference {
	step: string;
	what: string;
	api?: string;
	simulator?: string;
}

/** What is compared of an answer, by name: headers, fields of the body, and what their values are. */
type Facts = Map<string, string>;

/** Headers that mean something; the others belong to whatever stands in front of the API. */
const HEADERS =
	/^(content-type|retry-after.*|x-request-id|x-should-retry|x-ratelimit-.*|openai-.*)$/;

/** Other each time, so that only their kind is compared. */
const CHANGING = /(^|\.)(created|\w+_at|id|\w+_id|owned_by|filename|bytes)$|^metadata\./;

/**
 * Compares what an API answered with what the simulator answers to the same.
 *
 * @param api the steps of the API
 * @param simulator the same steps of the simulator
 * @returns the differences in their order, and how many facts were compared
 */
export async function differencesOf(
	api: Step[],
	simulator: Step[],
): Promise<{ differences: Difference[]; compared: number }> {
	const differences: Difference[] = [];
	let compared = 0;
	for (const step of new Set([...api, ...simulator].map(({ name }) => name))) {
		const [here, there] = await Promise.all([factsOf(step, api), factsOf(step, simulator)]);
		const names = new Set([...here.keys(), ...there.keys()]);
		compared += names.size;
		for (const what of names) {
			const [said, expected] = [here.get(what), there.get(what)];
			if (said !== expected) differences.push({ step, what, api: said, simulator: expected });
		}
	}
	return { differences, compared };
}

async function factsOf(name: string, steps: Step[]): Promise<Facts> {
	const step = steps.find((one) => one.name === name);
	return step ? await factsAbout(step.exchange) : new Map<string, string>();
}

async function factsAbout({ status, headers, body }: Exchange): Promise<Facts> {
	const facts: Facts = new Map([['status', String(status)]]);
	for (const [name, value] of Object.entries(headers)) {
		if (!HEADERS.test(name)) continue;
		// The others tell who asked, how long it took and what is left.
		const isFixed = name === 'content-type';
		facts.set(`header ${name}`, isFixed ? value.replace(/;.*/, '') : 'is there');
	}
	const parsed = parseJson(body.toString('utf8')) ?? parseLines(body);
	if (parsed === undefined) facts.set('body', body.length > 0 ? 'no JSON' : 'empty');
	else await addFacts(facts, '', parsed);
	return facts;
}

/** The results of a batch have a document on each line. */
function parseLines(body: Buffer): unknown[] | undefined {
	const lines = body.toString('utf8').trimEnd().split('\n').map(parseJson);
	return lines.length > 0 && lines.every(isRecord) ? lines : undefined;
}

async function addFacts(facts: Facts, path: string, value: unknown): Promise<void> {
	if (Array.isArray(value)) {
		// A list of models says which there are; the entries of other lists are alike.
		const entries: unknown[] = value;
		if (entries.some(isModel)) addModels(facts, path, entries.filter(isModel));
		else for (const entry of entries) await addFacts(facts, `${path}[]`, entry);
	} else if (isRecord(value)) {
		for (const [name, inner] of Object.entries(value)) {
			await addFacts(facts, path === '' ? name : `${path}.${name}`, inner);
		}
	} else if (path.endsWith('b64_json')) {
		facts.set(path, await describePicture(String(value)));
	} else {
		const kind = value === null ? 'null' : `a ${typeof value}`;
		facts.set(path, CHANGING.test(path) ? kind : JSON.stringify(value));
	}
}

interface Model extends Record<string, unknown> {
	id: string;
}

const isModel = (value: unknown): value is Model =>
	isRecord(value) && value.object === 'model' && typeof value.id === 'string';

/** The fields of all models, and of each image model the day it shuts down. */
function addModels(facts: Facts, path: string, models: Model[]): void {
	for (const field of models.flatMap((model) => Object.keys(model))) {
		facts.set(`${path}[].${field}`, 'is there');
	}
	for (const { id, shutdown_date: day } of models.filter((model) =>
		/image|dall-e/.test(model.id),
	)) {
		facts.set(`${path}[] ${id}`, typeof day === 'string' ? `shuts down ${day}` : 'is there');
	}
}

async function describePicture(base64: string): Promise<string> {
	return await sharp(Buffer.from(base64, 'base64'))
		.metadata()
		.then(
			({ format, width, height }) => `${format} ${width}x${height}`,
			() => 'no picture',
		);
}
