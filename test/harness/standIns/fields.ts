import { jsonParse, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
import { forEachItem, nodeType, parameters, type Execute } from './nodeType';
import { get, isRecord, rowsOf, type Value } from './values';

/** Edit Fields: manual mapping without dotted names, or one JSON object: manual.mode.js, raw.mode.js. */
const edit = forEachItem(async (context, item, itemIndex) => {
	const keep = context.getNodeParameter('includeOtherFields', itemIndex) === true;
	const isRaw = context.getNodeParameter('mode', itemIndex) === 'raw';
	return {
		json: {
			...(keep && item.json),
			...(isRaw
				? jsonParse<IDataObject>(String(context.getNodeParameter('jsonOutput', itemIndex)))
				: assigned(context.getNodeParameter('assignments', itemIndex))),
		},
		pairedItem: { item: itemIndex },
		...(keep && item.binary && { binary: { ...item.binary } }),
	};
});

function assigned(value: unknown): IDataObject {
	return Object.fromEntries(rowsOf(value, 'assignments').map((row) => [row.name, row.value]));
}

export const set = nodeType('set', {
	version: 3.5,
	properties: parameters({
		mode: 'manual',
		jsonOutput: '',
		includeOtherFields: false,
		assignments: {},
	}),
	execute: edit,
});

/**
 * Split Out without other fields: one field, whose objects become the items, or several, which stay
 * under their names; `$binary` is the files of the item, one after the other: SplitOut.node.js.
 */
const split: Execute = async function () {
	return [
		this.getInputData().flatMap((item, itemIndex) => {
			const names = String(this.getNodeParameter('fieldToSplitOut', itemIndex)).split(',');
			const fields = names.map((name) => name.trim());
			const made: INodeExecutionData[] = [];
			for (const field of fields) {
				for (const [index, part] of partsOf(item, field, fields.length > 1).entries()) {
					const { json, binary } = made[index] ?? { json: {} };
					made[index] = {
						json: { ...json, ...part.json },
						pairedItem: { item: itemIndex },
						...((binary ?? part.binary) && { binary: { ...binary, ...part.binary } }),
					};
				}
			}
			return made;
		}),
	];
};

function partsOf(item: INodeExecutionData, field: string, isOneOfSeveral: boolean) {
	if (field === '$binary') {
		return Object.entries(item.binary ?? {}).map(
			([name, file]): INodeExecutionData => ({ json: {}, binary: { [name]: file } }),
		);
	}
	const value = get(item.json, field);
	const list: Value[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
	return list.map(
		(element): INodeExecutionData => ({
			json: isRecord(element) && !isOneOfSeveral ? element : { [field]: element },
		}),
	);
}

export const splitOut = nodeType('splitOut', {
	version: 1,
	properties: parameters({ fieldToSplitOut: '' }),
	execute: split,
});
