import { jsonParse, type INodeCredentials } from 'n8n-workflow';
import sharp from 'sharp';

import { crypto, fs, path, repositoryRoot } from '../../node';
import type { Rig } from '../rig';
import type { WorkflowJson } from '../workflows';
import { fitWorkflow } from './canvas';
import { PICTURES, takePicture } from './pictures';
import type { Scene } from './scene';

const EXAMPLES = path.join(repositoryRoot, 'examples');

/** A workflow of `examples/`. */
export interface Example {
	/** Of its file, without extension. */
	name: string;
	workflow: WorkflowJson;
}

/** @returns the path of the file of an example */
export const exampleFile = (name: string) => path.join(EXAMPLES, `${name}.json`);

/** All examples, by name. */
export async function readExamples(): Promise<Example[]> {
	const files = (await fs.promises.readdir(EXAMPLES)).filter((file) => file.endsWith('.json'));
	return await Promise.all(
		files.sort().map(async (file) => ({
			name: path.basename(file, '.json'),
			workflow: jsonParse<WorkflowJson>(
				await fs.promises.readFile(path.join(EXAMPLES, file), 'utf8'),
			),
		})),
	);
}

/** Imports an example, chooses credentials as its note says, and shows it. */
export async function openExample({ rig, editor }: Scene, { workflow }: Example): Promise<void> {
	const nodes = await Promise.all(
		workflow.nodes.map(async ({ credentials, ...others }) => ({
			...others,
			...(credentials && { credentials: await chosen(rig, credentials) }),
		})),
	);
	await editor.open(await rig.rest.createWorkflow({ ...workflow, nodes }));
}

/** A credential for each of these types; those of other services are empty. */
async function chosen({ rest, credential }: Rig, wanted: object): Promise<INodeCredentials> {
	const filled: INodeCredentials = {};
	for (const type of Object.keys(wanted)) {
		const isOurs = type === 'openAiImagesApi';
		filled[type] = isOurs ? credential : await rest.createCredential(type, type, {});
	}
	return filled;
}

/** Takes the picture of the example that is shown, marked with what it shows. */
export async function takeExamplePicture({ editor }: Scene, example: Example): Promise<void> {
	const area = await fitWorkflow(editor.page);
	await takePicture(editor.page, `examples/${example.name}`, { area, of: hashOf(example) });
}

/** What is wrong with the picture of an example; undefined when it shows what the example is. */
export async function pictureProblem(example: Example): Promise<string | undefined> {
	const file = path.join(PICTURES, 'examples', `${example.name}.png`);
	if (!fs.existsSync(file)) return `${example.name} has no picture`;
	const { exif } = await sharp(file).metadata();
	if (exif?.includes(hashOf(example))) return undefined;
	return `${example.name} looks otherwise than its picture`;
}

/** Of everything that the canvas shows of it. */
function hashOf({ workflow: { nodes, connections } }: Example): string {
	const shown = nodes.map(({ name, type, position, disabled, onError, parameters }) => [
		...[name, type, position, disabled, onError],
		type.endsWith('.stickyNote') ? parameters : {},
	]);
	const text = JSON.stringify([shown, connections]);
	return crypto.createHash('sha256').update(text).digest('hex').slice(0, 16);
}
