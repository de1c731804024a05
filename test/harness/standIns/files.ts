import { forEachItem, nodeType, parameters } from './nodeType';

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
