import { forEachItem, nodeType, parameters } from './nodeType';
import { get, isRecord } from './values';

/** Read/Write Files from Disk, Write: through n8n's own file helpers: write.operation.js. */
export const readWriteFile = nodeType('readWriteFile', {
	version: 1.1,
	properties: parameters({ fileName: '', dataPropertyName: 'data' }),
	execute: forEachItem(async ({ getNodeParameter, helpers }, item, index) => {
		const fileName = String(getNodeParameter('fileName', index));
		const field = String(getNodeParameter('dataPropertyName', index));
		const content = await helpers.getBinaryDataBuffer(index, field);
		await helpers.writeContentToFile(await helpers.resolvePath(fileName), content);
		return {
			json: { ...item.json, fileName },
			pairedItem: { item: index },
			...(item.binary && { binary: { ...item.binary } }),
		};
	}),
});

/** Convert to File, Convert to Text File: toText.operation.js. */
export const convertToFile = nodeType('convertToFile', {
	version: 1.1,
	properties: parameters({
		operation: 'csv',
		sourceProperty: '',
		binaryPropertyName: 'data',
		options: {},
	}),
	execute: forEachItem(async ({ getNodeParameter, helpers }, { json }, index) => {
		const source = String(getNodeParameter('sourceProperty', index));
		const field = String(getNodeParameter('binaryPropertyName', index));
		const options = getNodeParameter('options', index);
		const fileName = isRecord(options) ? String(options.fileName) : 'file.txt';
		const content = Buffer.from(String(get(json, source)));
		return {
			json: {},
			binary: { [field]: await helpers.prepareBinaryData(content, fileName, 'text/plain') },
			pairedItem: { item: index },
		};
	}),
});
