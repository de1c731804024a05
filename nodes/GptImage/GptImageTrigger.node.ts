import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { triggerFields } from './operations/batch/trigger';

export class GptImageTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'GPT Image Trigger',
		name: 'gptImageTrigger',
		icon: { light: 'file:../../icons/gptImage.svg', dark: 'file:../../icons/gptImage.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'=On batch finished{{ $parameter["batchName"] ? " · " + $parameter["batchName"] : "" }}',
		description: 'Starts the workflow when a batch of images is finished',
		defaults: { name: 'GPT Image Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'openAiImagesApi', required: true }],
		properties: triggerFields,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { pollForEnded } = await import('./whenNeeded');
		return await pollForEnded(this);
	}
}
