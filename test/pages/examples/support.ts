import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readWorkflow, runWorkflow, type WorkflowFile, type WorkflowOptions } from '../../harness';
import { fs, os, path, repositoryRoot } from '../../node';
import { asSaved, membersOf } from '../../support/parameters';
import { sha256 } from '../../support/pictures';
import { useSimulator, type TestSimulator } from '../../support/simulator';

export const folder = path.join(repositoryRoot, 'examples');

/** The path of an example by its name. */
export const example = (name: string) => path.join(folder, `${name}.json`);

/** The examples and a simulator of the API they talk to. */
export interface Examples extends Pick<TestSimulator, 'api'> {
	/** Runs an example by its name, or one that a test has changed. */
	run(source: string | WorkflowFile, options?: WorkflowOptions): ReturnType<typeof runWorkflow>;
	/** The bytes of the image that was drawn so many images before. */
	drawn(index: number): Buffer;
	/** Path and body fields of all requests so far. */
	bodies(): unknown[];
}

/** Starts a simulator for the tests of one file. */
export function useExamples(): Examples {
	const simulator = useSimulator();
	return {
		get api() {
			return simulator.api;
		},
		run: async (source, options) =>
			await runWorkflow(typeof source === 'string' ? example(source) : source, {
				credentials: simulator.credentials(),
				...options,
			}),
		drawn: (index) => simulator.api.images[index]?.bytes ?? Buffer.alloc(0),
		bodies: () =>
			simulator.api.requests.map(({ path: url, json, fields }) => [url, json ?? fields]),
	};
}

/** The parameters of one of our nodes in an example, with further options. */
export async function withOptions(
	name: string,
	nodeName: string,
	more: INodeParameters,
): Promise<Record<string, INodeParameters>> {
	const { nodes } = await readWorkflow(example(name));
	const own = nodes.find((node) => node.name === nodeName)?.parameters;
	return { [nodeName]: asSaved({ ...own, options: { ...membersOf(own?.options), ...more } }) };
}

/** A folder that is gone after the test, for nodes that write files. */
export async function withFolder(test: (target: string) => Promise<void>): Promise<void> {
	const target = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'examples-'));
	await test(target).finally(async () => await fs.promises.rm(target, { recursive: true }));
}

/** What a node that writes to disk is given in place of the folder of the example. */
export const writesTo = (target: string) => ({
	fileName: `=${target}/{{ $binary.data.fileName }}`,
});

/** The item of an image that the node has made. */
export function imageItem(
	fileName: string,
	mimeType: string,
	bytes: number,
	json: IDataObject = {},
	item = 0,
): INodeExecutionData {
	const all: INodeExecutionData = {
		json: {
			operation: 'generate',
			model: 'gpt-image-2',
			size: '1024x1024',
			quality: expect.any(String),
			background: expect.any(String),
			format: expect.any(String),
			index: 0,
			created: expect.any(Number),
			usage: expect.objectContaining({ total_tokens: expect.any(Number) }),
			cost: expect.any(Number),
			costBasis: 'OpenAI prices of 2026-11-22',
			imagesInRequest: 1,
			requestId: expect.stringMatching(/^req_/),
			durationMs: expect.any(Number),
			fileName,
			mimeType,
			bytes,
			binaryPropertyName: 'data',
			...json,
		},
		pairedItem: { item },
		binary: { data: storedFile(fileName, mimeType, bytes) },
	};
	return all;
}

/** A file in n8n's binary store, as an item has it. */
export const storedFile = (fileName: string, mimeType: string, bytes: number) => ({
	id: expect.stringMatching(/^filesystem-v2:/),
	data: 'filesystem-v2',
	fileName,
	mimeType,
	fileType: 'image' as const,
	fileExtension: path.extname(fileName).slice(1),
	fileSize: expect.any(String),
	bytes,
});

/** The folder has these files, in the order in which they were drawn, and no others. */
export async function expectFiles(examples: Examples, target: string, names: string[]) {
	expect((await fs.promises.readdir(target)).sort()).toEqual([...names].sort());
	for (const [index, name] of names.entries()) {
		const bytes = await fs.promises.readFile(path.join(target, name));
		// Comparing millions of bytes one by one takes seconds.
		expect(sha256(bytes)).toBe(examples.api.images[index]?.sha256);
	}
}
