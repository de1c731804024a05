import {
	validateFieldType,
	type FieldType,
	type IDataObject,
	type IExecuteFunctions,
} from 'n8n-workflow';
import { forEachItem, nodeType, parameters } from './nodeType';
import { isRecord, rowsOf, type Value } from './values';

/** A table of n8n's. */
export interface DataTable {
	id: string;
	name: string;
	columns: Array<{ name: string; type: string }>;
	rows: IDataObject[];
}

/** The tables by their names. They stay until a test clears them. */
export const dataTables = new Map<string, DataTable>();

const FIELD_TYPES: Record<string, FieldType> = {
	boolean: 'boolean',
	date: 'dateTime',
	number: 'number',
	string: 'string',
};

/** Of a row; when it was written. */
const NOW = '2026-11-22T09:30:00.000Z';

/**
 * Data Table: Create, and Insert with Map Automatically, with the checks of n8n's server:
 * create.operation.js, insert.operation.js, data-table.service.js. Throws for what has no column, and
 * for what does not fit into it.
 */
export const dataTable = nodeType('dataTable', {
	version: 1.1,
	properties: [
		...parameters({
			resource: 'row',
			operation: 'insert',
			tableName: '',
			columns: {},
			options: {},
		}),
		{
			displayName: 'Data table',
			name: 'dataTableId',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			modes: [{ displayName: 'ID', name: 'id', type: 'string' }],
		},
	],
	execute: forEachItem(async (context, { json }, itemIndex) => {
		const isTable = context.getNodeParameter('resource', itemIndex) === 'table';
		return {
			json: isTable ? create(context, itemIndex) : insert(context, json, itemIndex),
			pairedItem: { item: itemIndex },
		};
	}),
});

function create(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const name = String(context.getNodeParameter('tableName', itemIndex));
	const options = context.getNodeParameter('options', itemIndex);
	const found = dataTables.get(name);
	if (found && !(isRecord(options) && options.createIfNotExists)) {
		throw new Error(`Data table with name '${name}' already exists in this project`);
	}
	const columns = rowsOf(context.getNodeParameter('columns', itemIndex), 'column');
	const table = found ?? {
		id: `table-${dataTables.size + 1}`,
		name,
		columns: columns.map((column) => ({
			name: String(column.name),
			type: String(column.type ?? 'string'),
		})),
		rows: [],
	};
	dataTables.set(name, table);
	return { id: table.id, name, columns: table.columns };
}

function insert(context: IExecuteFunctions, json: IDataObject, itemIndex: number): IDataObject {
	const id = context.getNodeParameter('dataTableId', itemIndex, '', { extractValue: true });
	const table = [...dataTables.values()].find((one) => one.id === id);
	if (!table) throw new Error(`There is no data table ${String(id)}`);
	const unknown = Object.keys(json).find(
		(name) => !table.columns.some((column) => column.name === name),
	);
	if (unknown !== undefined) throw new Error(`unknown column name '${unknown}'`);
	const cells = table.columns.map(({ name, type }) => [name, cellOf(name, type, json[name])]);
	const row: IDataObject = {
		...Object.fromEntries(cells),
		id: table.rows.length + 1,
		createdAt: NOW,
		updatedAt: NOW,
	};
	table.rows.push(row);
	return row;
}

function cellOf(name: string, type: string, value: Value): Value {
	if (value === undefined || value === null) return null;
	if (typeof value === 'object') throw new Error(`unexpected object input in ${name}`);
	const fieldType = FIELD_TYPES[type] ?? 'string';
	const { valid } = validateFieldType(name, value, fieldType, {
		strict: false,
		parseStrings: false,
	});
	if (!valid) throw new Error(`value '${value}' does not match column type '${type}'`);
	return value;
}
