import type { INode, INodeExecutionData } from 'n8n-workflow';
import { agentThat, readWorkflow, type Received, type WorkflowOptions } from '../../harness';
import { packageName } from '../../harness/package';
import { fs } from '../../node';
import { asSaved, membersOf } from '../../support/parameters';
import { maskPicture, picture } from '../../support/pictures';
import { example, folder, useExamples, withFolder, writesTo } from './support';
import { startService, type Service } from './service';
import { message, useTelegram } from './telegram';

const examples = useExamples();
const telegram = useTelegram();
let service: Service;
beforeEach(async () => {
	service = await startService(() => ({ body: { id: 'made' } }));
});
afterEach(async () => await service.close());

// A batch is submitted as it is, or not at all.
const names = fs
	.readdirSync(folder)
	.flatMap((file) => /^(?!batch-)(.*)\.json$/.exec(file)?.[1] ?? []);

const isOurs = ({ type }: INode) => type.startsWith(`${packageName}.gptImage`);

/** What each trigger is told. */
async function receivedBy(name: string): Promise<Received> {
	const photo = await picture('jpeg', { width: 800, height: 600 });
	const file = { data: photo.bytes, fileName: 'photo.jpg', mimeType: 'image/jpeg' };
	const mask = await maskPicture({ width: 800, height: 600 });
	switch (name) {
		case 'form-edit-with-mask':
			return {
				json: { Instruction: 'Add a boat' },
				files: {
					Photo: file,
					Mask: { data: mask.bytes, fileName: 'mask.png', mimeType: 'image/png' },
				},
			};
		case 'product-photos':
			return { json: { Background: 'A stone table' }, files: { Photos: [file] } };
		case 'chat-generate':
			return { json: { chatInput: 'A fox' } };
		case 'bulk-with-budget':
			return { json: { Prompts: 'A fox\nA cat', 'Budget in USD': 1 } };
		case 'approve-before-sending':
			return { json: { Prompt: 'A fox' } };
		case 'log-to-data-table':
			return { json: { Prompt: 'A fox', 'Number of Images': 2 } };
		case 'estimate-then-approve':
			return { json: { Prompt: 'A fox', 'Number of Images': 2, Quality: 'low' } };
		default:
			return name.startsWith('telegram')
				? { json: message({ text: 'Draw a fox' }) }
				: { json: { prompt: 'A fox' } };
	}
}

async function byHand(name: string, target: string) {
	const file = await readWorkflow(example(name));
	const nodes = file.nodes.map((node) => ({
		...node,
		...(isOurs(node) && {
			parameters: asSaved({
				...node.parameters,
				options: { simplify: true, ...membersOf(node.parameters.options), placeholder: true },
			}),
		}),
		...(node.type.endsWith('.readWriteFile') && {
			parameters: { ...node.parameters, ...writesTo(target) },
		}),
		...(node.name === 'Create Container' && {
			parameters: { ...node.parameters, url: `${service.url}/media` },
		}),
	}));
	const input = { prompt: 'A fox', size: '1024x1024' };
	const decision = { tool: 'Generate Image', input, output: 'Here it is.' };
	const options: WorkflowOptions = {
		mode: 'manual',
		received: await receivedBy(name),
		otherCredentials: {
			...telegram.credentials(),
			facebookGraphApi: { accessToken: 'secret' },
		},
		nodeTypes: { '@n8n/n8n-nodes-langchain.agent': agentThat(decision) },
	};
	const result = await examples.run({ ...file, nodes }, options);
	return result.run.status === 'waiting'
		? await result.submit({ json: { answer: 'Yes' } })
		: result;
}

describe('an example that is run by hand with Placeholder in Manual Runs', () => {
	it.each(names)('sends nothing: %s', async (name) => {
		await withFolder(async (target) => {
			const { run } = await byHand(name, target);
			expect(run.data.resultData.error).toBeUndefined();
			expect(examples.api.requests).toEqual([]);
			const { runData } = run.data.resultData;
			const ours = (await readWorkflow(example(name))).nodes.filter(isOurs);
			const made = ours.flatMap((node): INodeExecutionData[] => {
				const outputs = runData[node.name]?.at(-1)?.data;
				return [...(outputs?.main ?? []), ...(outputs?.ai_tool ?? [])].flatMap((one) => one ?? []);
			});
			const drawn = made.filter(({ binary }) => binary);
			expect(drawn.length).toBeGreaterThan(0);
			for (const { json } of drawn) {
				expect(JSON.stringify(json)).toMatch(/"placeholder":true|"A placeholder for image/);
			}
		});
	});
});
