import { path, util } from '../test/node';

export const ROWS = [
	'parallel',
	'memory',
	'cpu',
	'growth',
	'batch',
	'inpainting',
	'package',
] as const;
export type RowName = (typeof ROWS)[number];

export interface Options {
	/** The rows to measure. */
	rows: readonly RowName[];
	/** One row was asked for. */
	isFocused: boolean;
	isQuick: boolean;
	/** Folder for CPU profiles of the measured processes. */
	profiles?: string;
}

export const USAGE = `npm run bench                       everything, writes bench/results.md and pictures
npm run bench -- --quick            a subset, about 2 minutes, writes nothing
npm run bench -- --only <row>       ${ROWS.join(' | ')}, writes nothing
npm run bench -- --profile <folder> CPU profiles of all measured processes
`;

/** @returns what to do, or `undefined` when the arguments make no sense */
export function readOptions(): Options | undefined {
	const { values } = util.parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			only: { type: 'string' },
			profile: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	const { quick, only, profile, help } = values;
	const row = ROWS.find((name) => name === only);
	if (help || (only !== undefined && !row)) return undefined;
	return {
		rows: row ? [row] : ROWS,
		isFocused: row !== undefined,
		isQuick: quick,
		...(profile !== undefined && { profiles: path.resolve(profile) }),
	};
}
