import { storeBinary } from './binary';
import type {
	IBinaryData,
	IDataObject,
	INode,
	INodeExecutionData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** A file that arrives with a trigger. */
export interface ReceivedFile {
	data: Buffer;
	fileName: string;
	mimeType: string;
}

/**
 * What reaches the workflow from outside: a request body or the fields of a form or chat; files by
 * field, a list where a field takes several.
 */
export interface Received {
	json?: IDataObject;
	files?: Record<string, ReceivedFile | ReceivedFile[]>;
}

interface Trigger {
	/** The newest type version of the real node in n8n 2.41.1. */
	version: number;
	/** The mode in which n8n's server starts workflows with this trigger. */
	mode: WorkflowExecuteMode;
	/** The item that the real node makes of it (n8n-nodes-base 2.41.1). */
	item(received: Required<Received>, node: INode): Promise<INodeExecutionData>;
}

const origin = 'http://localhost:5678';

/** n8n's own triggers, by node type: instead of waiting for the world they take what they are given. */
export const triggers: Record<string, Trigger> = {
	'n8n-nodes-base.manualTrigger': {
		version: 1,
		mode: 'manual',
		item: async ({ json }) => ({ json }),
	},
	'n8n-nodes-base.webhook': {
		version: 2.1,
		mode: 'webhook',
		item: async ({ json, files }, { parameters }) => {
			const multipart = Object.keys(files).length > 0;
			return {
				json: {
					headers: {
						host: 'localhost:5678',
						'content-type': multipart ? 'multipart/form-data; boundary=x' : 'application/json',
					},
					params: {},
					query: {},
					body: json,
					webhookUrl: `${origin}/webhook/${String(parameters.path ?? '')}`,
					executionMode: 'production',
				},
				...(multipart && { binary: await stored(files, (field) => field) }),
			};
		},
	},
	'n8n-nodes-base.formTrigger': {
		version: 2.6,
		mode: 'webhook',
		item: async ({ json, files }) => ({
			json: {
				...json,
				...mapValues(files, (file) => (Array.isArray(file) ? file.map(formFile) : formFile(file))),
				submittedAt: '2026-11-22T09:30:00.000+00:00',
				formMode: 'production',
			},
			binary: await stored(files, (label) => label.replace(/\W/g, '_')),
		}),
	},
	'n8n-nodes-base.scheduleTrigger': {
		version: 1.4,
		mode: 'trigger',
		item: async () => ({
			json: {
				timestamp: '2026-11-22T09:30:00.000+00:00',
				'Readable date': 'November 22nd 2026, 9:30:00 am',
				'Readable time': '9:30:00 am',
				'Day of week': 'Sunday',
				Year: '2026',
				Month: 'November',
				'Day of month': '22',
				Hour: '09',
				Minute: '30',
				Second: '00',
				Timezone: 'UTC (UTC+00:00)',
			},
		}),
	},
	'n8n-nodes-base.telegramTrigger': {
		version: 1.5,
		mode: 'webhook',
		item: async ({ json, files }) => ({
			json,
			...(Object.keys(files).length > 0 && { binary: await stored(files, () => 'data') }),
		}),
	},
	'@n8n/n8n-nodes-langchain.chatTrigger': {
		version: 1.5,
		mode: 'chat',
		item: async ({ json, files }) => {
			const binary = await stored(files, (_, index) => `data${index}`);
			return {
				json: {
					sessionId: 'session',
					action: 'sendMessage',
					...json,
					...(Object.keys(binary).length > 0 && {
						files: Object.entries(binary).map(
							([binaryKey, { fileName, fileSize, fileType, mimeType, fileExtension }]) => ({
								fileName,
								fileSize,
								fileType,
								mimeType,
								fileExtension,
								binaryKey,
							}),
						),
					}),
				},
				binary,
			};
		},
	},
};

const formFile = ({ data, fileName, mimeType }: ReceivedFile) => ({
	filename: fileName,
	mimetype: mimeType,
	size: data.length,
});

/** Stores files under names made of their field's, those of a list with a number behind it. */
async function stored(
	files: Record<string, ReceivedFile | ReceivedFile[]>,
	nameOf: (field: string, index: number) => string,
): Promise<Record<string, IBinaryData>> {
	const named = Object.entries(files).flatMap(([field, file], index) => {
		const name = nameOf(field, index);
		return Array.isArray(file)
			? file.map((one, number) => ({ name: `${name}_${number}`, file: one }))
			: [{ name, file }];
	});
	const entries = named.map(
		async ({ name, file: { data, fileName, mimeType } }) =>
			[name, await storeBinary(data, fileName, mimeType)] as const,
	);
	return Object.fromEntries(await Promise.all(entries));
}

function mapValues<From, To>(
	record: Record<string, From>,
	map: (value: From) => To,
): Record<string, To> {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
