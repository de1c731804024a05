import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { BOUNDS } from '../../bounds';
import { parameterError } from '../../errors/parameterError';
import { quote } from '../../errors/quote';
import { isRecord } from '../../values';
import { agentToolOf } from '../output/agentTool';
import { isOfThisWorkflow, mayBeNamed } from './fileId';

/** Where n8n's combined binary mode keeps the files of an item, in its JSON. */
const MOVED = '_files';

/**
 * @returns the files of an input item by field name, its own before those that n8n's combined binary mode has moved
 *   into its JSON. What stands there in n8n's separate mode, or names a file of another workflow, is not among them:
 *   the JSON may come from a stranger.
 */
export function filesOfItem(
	context: IExecuteFunctions,
	itemIndex: number,
): Map<string, IBinaryData> {
	const item = context.getInputData()[itemIndex];
	const moved: unknown = isCombined(context) ? item?.json[MOVED] : undefined;
	const found = Object.entries(isRecord(moved) ? moved : {}).filter(
		(entry): entry is [string, IBinaryData] =>
			isBinary(entry[1]) && (entry[1].id === undefined || isOfThisWorkflow(context, entry[1].id)),
	);
	return new Map([...found, ...Object.entries(item?.binary ?? {}).filter(isFileEntry)]);
}

/**
 * Finds a file by the name of its field, or takes the binary object that an expression has found.
 *
 * @param field a name, or a binary object
 * @param fromItem the input item that has it
 * @param place the field of the panel that names it, for messages
 * @throws NodeOperationError when there is no such file, or it is not this workflow's to read
 */
export function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	{ fromItem, place }: { fromItem: number; place: string },
): { label: string; binary: IBinaryData } {
	if (typeof field !== 'string') {
		const label = 'The input data object';
		if (!isBinary(field)) throw missing(context, itemIndex, label, { fromItem, place });
		if (field.id === undefined || mayBeNamed(context, itemIndex, field.id)) {
			return { label, binary: field };
		}
		throw parameterError(
			context,
			itemIndex,
			`${label} names a file of another workflow`,
			'An expression that finds a file must find one that a node of this workflow passes on, e.g. {{ $binary.data }}.',
		);
	}
	const where = fromItem === itemIndex ? '' : ` of item ${fromItem + 1}`;
	const label = `Input data field ${quote(field)}${where}`;
	if (field.length > BOUNDS.fieldCharacters) {
		throw parameterError(
			context,
			itemIndex,
			`${label} is not a name`,
			'It looks like the text of a file. For base64 set Add From to Base64; otherwise enter the name of a binary field, e.g. data.',
		);
	}
	const files = filesOfItem(context, fromItem);
	const name = isCombined(context) ? field.replace(`${MOVED}.`, '') : field;
	const binary = files.get(field) ?? files.get(name);
	if (binary) return { label, binary };
	throw missing(context, itemIndex, label, { fromItem, place });
}

function missing(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	{ fromItem, place }: { fromItem: number; place: string },
) {
	const names = [...filesOfItem(context, fromItem).keys()];
	const remedy =
		agentToolOf(context) !== undefined
			? "An AI agent passes no file on. Set the field name to an expression that finds the file, e.g. {{ $('When chat message received').item.binary.data0 }}."
			: names.length > 0
				? `The item has these binary fields: ${names.join(', ')}. Set one of them ${place}.`
				: 'The item has no binary field. Connect a node that passes a file on, or switch its binary output on.';
	return parameterError(context, itemIndex, `${label} does not exist`, remedy);
}

/** n8n's setting of the workflow; older versions have none. */
const isCombined = (context: IExecuteFunctions) =>
	'getWorkflowSettings' in context && context.getWorkflowSettings().binaryMode === 'combined';

const isFileEntry = (entry: [string, unknown]): entry is [string, IBinaryData] =>
	isRecord(entry[1]);

/** What `$binary` gives in an expression has no `data`. */
const isBinary = (value: unknown): value is IBinaryData =>
	isRecord(value) &&
	typeof value.mimeType === 'string' &&
	(typeof value.id === 'string' || (value.id === undefined && typeof value.data === 'string'));
