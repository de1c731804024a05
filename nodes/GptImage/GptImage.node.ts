import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { properties } from './operations';
import { SUBTITLE } from './operations/subtitle';

/** All that is not the panel; loaded when it is used for the first time. */
const whenNeeded = async () => await import('./whenNeeded');

export class GptImage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'GPT Image',
		name: 'gptImage',
		icon: { light: 'file:../../icons/gptImage.svg', dark: 'file:../../icons/gptImage.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: SUBTITLE,
		description: "Generate and edit images with OpenAI's GPT Image models",
		defaults: { name: 'GPT Image' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'openAiImagesApi', required: true }],
		hints: [
			{
				message:
					"With several items, set On Error to Continue in this node's settings: then one refused prompt does not cost the images of the others.",
				displayCondition: '={{ $input.all().length > 1 }}',
				whenToDisplay: 'beforeExecution',
				location: 'outputPane',
			},
			{
				message: 'More than 10 images need Images per Request under Run Options.',
				displayCondition:
					'={{ ($parameter["imageOptions"] || {})["n"] > 10 && !($parameter["options"] || {})["imagesPerRequest"] }}',
				whenToDisplay: 'always',
				location: 'ndv',
			},
		],
		properties,
	};

	methods = {
		listSearch: {
			async listModels(this: ILoadOptionsFunctions, filter?: string) {
				return await (await whenNeeded()).listModels.call(this, filter);
			},
		},
	};

	// pairedItem of every output item is set in images/output/items.ts, images/output/errorItem.ts, run/itemRun.ts and batch/.
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await (await whenNeeded()).run(this);
	}
}
