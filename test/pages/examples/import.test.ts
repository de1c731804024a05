import type { INode, INodeType } from 'n8n-workflow';
import {
	agentThat,
	displayedProperties,
	gptImage,
	gptImageTrigger,
	readWorkflow,
	type WorkflowFile,
} from '../../harness';
import { packageName } from '../../harness/package';
import { standIns } from '../../harness/standIns';
import { asTool } from '../../harness/tool';
import { fs, path } from '../../node';
import { filesOfRepository, read } from '../../support/sources';
import { folder } from './support';

const types: Record<string, INodeType> = {
	...standIns,
	'@n8n/n8n-nodes-langchain.agent': agentThat({ output: '' }),
	[`${packageName}.gptImage`]: gptImage,
	[`${packageName}.gptImageTrigger`]: gptImageTrigger,
	[`${packageName}.gptImageTool`]: asTool(gptImage),
};

const files = fs.readdirSync(folder).filter((file) => file.endsWith('.json'));
const examples = files.map((file) => file.replace(/\.json$/, ''));
const page = read('examples/README.md');
const linksOf = ({ connections }: WorkflowFile) =>
	Object.entries(connections).flatMap(([from, outputs]) =>
		Object.entries(outputs).flatMap(([type, targets]) =>
			targets.flatMap((target) => target ?? []).map((to) => ({ from, type, to })),
		),
	);

it('the page has a row and a section for each example, and no others', () => {
	const rows = [...page.matchAll(/^\| \[([\w-]+)\]\(#\1\) \|/gm)].map(([, name]) => name);
	const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
	expect(sections).toEqual(rows);
	expect([...rows].sort()).toEqual([...examples].sort());
	const numbers = ['Fourteen', 'Fifteen', 'Sixteen', 'Seventeen', 'Eighteen', 'Nineteen', 'Twenty'];
	expect(page).toMatch(new RegExp(`^${numbers[rows.length - 14]} `, 'm'));
});

it.each(examples)('%s is run by a test', (name) => {
	const tests = filesOfRepository('test/pages/examples').filter((file) =>
		file.endsWith('.test.ts'),
	);
	const texts = tests.map(read);
	expect(texts.filter((text) => text.includes(`'${name}'`))).not.toEqual([]);
});

describe.each(files)('%s', (file) => {
	let workflow: WorkflowFile;
	beforeAll(async () => {
		workflow = await readWorkflow(path.join(folder, file));
	});

	it('has ids, names and connections that n8n can import', () => {
		const { nodes, pinData = {} } = workflow;
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(nodes.length);
		const ids = nodes.flatMap(({ id, webhookId }) => [id, webhookId ?? []].flat());
		expect(new Set(ids).size).toBe(ids.length);
		for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
		for (const { from, type, to } of linksOf(workflow)) {
			expect(names).toEqual(expect.arrayContaining([from, to.node]));
			expect(to).toEqual({ node: to.node, type, index: 0 });
		}
		expect(names).toEqual(expect.arrayContaining(Object.keys(pinData)));
		expect(workflow.settings).toEqual({ executionOrder: 'v1' });
	});

	it('uses the newest versions of the nodes, and none that the tests do not know', () => {
		const versions = workflow.nodes.map(({ name, typeVersion }) => [name, typeVersion]);
		const newest = workflow.nodes.map(({ name, type }) => [name, types[type]?.description.version]);
		expect(versions).toEqual(newest);
	});

	it('is described on the page, with its picture and its number of nodes', () => {
		const name = file.replace(/\.json$/, '');
		const nodes = workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		const ours = nodes.filter(({ type }) => type.startsWith(`${packageName}.`));
		const row = page.split('\n').find((line) => line.startsWith(`| [${name}](#${name}) |`));
		expect(row?.split(' | ').slice(2, 4)).toEqual([`${nodes.length}`, `${ours.length}`]);
		expect(page).toContain(`## ${name}\n\n[${file}](${file}): `);
		expect(page).toContain(`](../docs/images/examples/${name}.png)`);
	});

	it('leaves every credential to choose', () => {
		const chosen = workflow.nodes.flatMap(({ credentials }) => Object.values(credentials ?? {}));
		expect(chosen.map(({ id }) => id)).toEqual(chosen.map(() => null));
	});

	it('sets only fields that the node shows', () => {
		const ours = workflow.nodes.filter(({ type }) => type.startsWith(`${packageName}.`));
		expect(ours.length).toBeGreaterThan(0);
		for (const { type, parameters, typeVersion, credentials } of ours) {
			const { description } = types[type] ?? gptImage;
			const shown = displayedProperties(description, parameters, typeVersion).map(
				({ path: field }) => field,
			);
			const options = Object.entries(parameters)
				.filter(([name]) => name.endsWith('Options'))
				.flatMap(([name, value]) => Object.keys(value ?? {}).map((option) => `${name}.${option}`));
			expect(shown).toEqual(expect.arrayContaining([...Object.keys(parameters), ...options]));
			expect(credentials).toEqual({
				openAiImagesApi: { id: null, name: 'OpenAI Images account' },
			});
		}
	});

	it('is laid out from left to right, with the note above and nothing on top of anything', () => {
		const [note] = workflow.nodes;
		expect(note?.type).toBe('n8n-nodes-base.stickyNote');
		expect(workflow.nodes.filter(({ type }) => type === note?.type)).toHaveLength(1);
		const areas = workflow.nodes.map(areaOf);
		const crossed = areas.flatMap((one, index) =>
			areas.slice(index + 1).flatMap((other) => (cross(one, other) ? [[one, other]] : [])),
		);
		expect(crossed).toEqual([]);
		const back = (from: string, to: string) => columnOf(to) < columnOf(from);
		const columnOf = (name: string) =>
			workflow.nodes.find((node) => node.name === name)?.position[0] ?? NaN;
		const isWait = (name: string) =>
			workflow.nodes.find((node) => node.name === name)?.type === 'n8n-nodes-base.wait';
		// A loop goes back to where it waits.
		const steps = linksOf(workflow)
			.filter(({ type, from, to }) => type === 'main' && !(isWait(to.node) && back(from, to.node)))
			.map(({ from, to }) => columnOf(to.node) - columnOf(from));
		expect(steps.filter((step) => step < 220 || step % 220 !== 0)).toEqual([]);
		const [last, ...others] = areas;
		expect(last?.bottom).toBe(Math.min(...others.map(({ top }) => top)) - 40);
	});
});

interface Area {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** What a node covers of the canvas: with its name below, in pixels. An agent is wider. */
function areaOf({ name, type, position: [left, top], parameters }: INode): Area {
	const isNote = type === 'n8n-nodes-base.stickyNote';
	const width = isNote ? Number(parameters.width) : type.endsWith('.agent') ? 256 : 96;
	const height = isNote ? Number(parameters.height) : 96 + 44;
	return { name, left, top, right: left + width, bottom: top + height };
}

const cross = (one: Area, other: Area) =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;
