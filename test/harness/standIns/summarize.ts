import type { INodeExecutionData } from 'n8n-workflow';
import { nodeType, parameters, type Execute } from './nodeType';
import { get, rowsOf, type Value } from './values';

const isThere = (value: Value) => value !== undefined && value !== null && value !== '';

const AGGREGATIONS: Record<string, { prefix: string; of(values: Value[]): Value }> = {
	append: { prefix: 'appended_', of: (values) => Object.values(values.filter(isThere)) },
	count: { prefix: 'count_', of: (values) => values.filter(isThere).length },
	sum: {
		prefix: 'sum_',
		of: (values) =>
			values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0),
	},
};

const nameOf = (field: string) => field.replace(/[\]["]/g, '').replace(/[ .]/g, '_');

/** Append, Count and Sum over all items, or over those with the same value of one field: Summarize/utils.js. */
const execute: Execute = async function () {
	const items = this.getInputData();
	const rows = rowsOf(this.getNodeParameter('fieldsToSummarize', 0), 'values');
	const splitBy = String(this.getNodeParameter('fieldsToSplitBy', 0));
	const groups = new Map<Value, number[]>();
	for (const [index, { json }] of items.entries()) {
		const group = splitBy === '' ? undefined : get(json, splitBy);
		groups.set(group, [...(groups.get(group) ?? []), index]);
	}
	const summaries = [...groups].map(([group, members]): INodeExecutionData => {
		const sums = rows.map(({ aggregation, field }) => {
			const { prefix, of } = AGGREGATIONS[String(aggregation)] ?? unknown(aggregation);
			const values = members.map((index) => get(items[index]?.json ?? {}, String(field)));
			return [nameOf(`${prefix}${String(field)}`), of(values)];
		});
		return {
			json: {
				...Object.fromEntries(sums),
				...(splitBy !== '' && { [nameOf(splitBy)]: group }),
			},
			pairedItem: members.map((item) => ({ item })),
		};
	});
	return [summaries];
};

function unknown(aggregation: Value): never {
	throw new Error(`The stand-in for Summarize knows no ${JSON.stringify(aggregation)}`);
}

export const summarize = nodeType('summarize', {
	version: 1.1,
	properties: parameters({ fieldsToSummarize: {}, fieldsToSplitBy: '' }),
	execute,
});
