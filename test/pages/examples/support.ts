import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
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
	return {
		[nodeName]: asSaved({
			...own,
			options: { simplify: true, ...membersOf(own?.options), ...more },
		}),
	};
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

/** The item of an image that the node has made, as short as it is by default. */
export function imageItem(
	fileName: unknown,
	mimeType: string,
	bytes: number,
	json: object = {},
	item = 0,
) {
	return {
		json: {
			fileName,
			prompt: expect.any(String),
			cost: expect.any(Number),
			model: 'gpt-image-2',
			size: '1024x1024',
			quality: expect.any(String),
			format: expect.any(String),
			inputTokens: expect.any(Number),
			outputTokens: expect.any(Number),
			...json,
		},
		pairedItem: { item },
		binary: { data: storedFile(fileName, mimeType, bytes) },
	};
}

/** The fields of an image with a Temporary Link. */
export const temporaryLink = {
	url: expect.stringMatching(
		/^http:\/\/localhost:5678\/rest\/binary-data\/signed\?token=[\w-]+\.[\w-]+\.[\w-]+$/,
	),
	urlExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
};

/** An image as the last page of a form shows it, and gives it by a click; its width in pixels. */
export const shown = ({ json: { url, fileName } }: INodeExecutionData, width = 398) =>
	`<a href="${String(url)}"><img src="${String(url)}" alt="${String(fileName)}" width="${width}"></a>`;

/** What a form answers with its last page. */
export const lastPage = (title: unknown, message: unknown) => ({
	statusCode: 200,
	headers: {},
	body: { title, message },
});

/** A file in n8n's binary store, as an item has it. */
export const storedFile = (fileName: unknown, mimeType: string, bytes: number) => ({
	id: expect.stringMatching(/^filesystem-v2:/),
	data: 'filesystem-v2',
	fileName,
	mimeType,
	fileType: 'image' as const,
	fileExtension: mimeType.replace('image/', '').replace('jpeg', 'jpg'),
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
