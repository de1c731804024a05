import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { quote } from '../../errors/quote';
import { BOUNDS } from '../../bounds';
import { filesOfItem } from '../../images/input/binaryField';
import { readBase64, readInputImage, type InputImage } from '../../images/input/inputImage';
import { agentToolOf } from '../../images/output/agentTool';
import type { LinkedImage } from '../../openai/request';
import { IMAGE_SOURCES, imageRowFields, imagesField } from '../fields/images';
import type { ImageWork } from '../operation';
import { FieldValues } from './fieldValues';
import { readFileId, readUrl } from './linkedImage';
import { panelSource } from './panelSource';

/** `openai` 7.57.0, `ImageEditParams.image`: up to 16, each under 50 MB, PNG, WebP or JPEG. */
export const MAX_INPUT_IMAGES = 16;

const ASK_USER = 'There is no image to edit. Ask the user to send one.';
const ASK_BOTH =
	'There is no image to edit. Give the fileId of an image that was made before, or ask the user to send one.';

type Row = FieldValues<(typeof imageRowFields)[number]>;

/** One of the images, not looked at yet. */
interface Candidate {
	/** What messages call it. */
	label: string;
	/** Where it comes from; two candidates with equal values are one picture. */
	kind: 'data field' | 'URL' | 'file ID' | 'base64 text';
	value: unknown;
	fromItem: number;
	read(signal?: AbortSignal): Promise<InputImage | LinkedImage>;
}

/**
 * Finds the images an edit starts from, in the order of the panel.
 *
 * @param notImages binary fields that hold mask or markup; "all fields" leaves them out
 * @param signal ends the reading of them
 * @returns 1 to 16 images
 * @throws NodeOperationError that names the field, when there are none, too many, one twice, or one cannot be edited
 */
export async function readInputImages(
	context: IExecuteFunctions,
	itemIndex: number,
	notImages: unknown[],
	signal?: AbortSignal,
): Promise<Array<InputImage | LinkedImage>> {
	const rows = readRows(context, itemIndex);
	const named = rows.flatMap((row) => (sourceOf(row) === 'binary' ? textsOf(context, row) : []));
	const candidates = rows.flatMap((row) =>
		candidatesOf(context, itemIndex, row, [...notImages, ...named]),
	);
	if (candidates.length === 0) {
		const canName = rows.some((row) => sourceOf(row) === 'fileId');
		throw noImages(context, itemIndex, canName ? ASK_BOTH : ASK_USER);
	}
	if (candidates.length > MAX_INPUT_IMAGES) {
		throw parameterError(
			context,
			itemIndex,
			`Images has ${candidates.length} images`,
			`One edit takes up to ${MAX_INPUT_IMAGES} images. Remove rows, or spread them over several items.`,
		);
	}
	refuseDoubles(context, itemIndex, candidates);
	refuseMixed(context, itemIndex, rows);
	const images: Array<InputImage | LinkedImage> = [];
	for (const candidate of candidates) images.push(await candidate.read(signal));
	return images;
}

/**
 * @returns whether one edit takes the images of all input items; then it is made once, for the first item, which says so
 */
export function takesAllItems(context: IExecuteFunctions, work: ImageWork): boolean {
	if (!work.takesImages) return false;
	try {
		return isForAllItems(readRows(context, 0));
	} catch {
		// It is the item's own failure, and told as such when it is worked on.
		return false;
	}
}

const sourceOf = (row: Row) => row.oneOf('source', IMAGE_SOURCES) ?? 'binary';

const isForAllItems = (rows: Row[]) => rows.some((row) => sourceOf(row) === 'allItems');

const readRows = (context: IExecuteFunctions, itemIndex: number): Row[] =>
	new FieldValues(context, itemIndex, [imagesField], panelSource(context, itemIndex)).rows(
		'images',
		'image',
		imageRowFields,
	);

function candidatesOf(
	context: IExecuteFunctions,
	itemIndex: number,
	row: Row,
	notAll: unknown[],
): Candidate[] {
	const input = context.getInputData();
	const fromField = (value: unknown, fromItem: number): Candidate => ({
		label: `input data field ${quote(value)}`,
		kind: 'data field',
		value,
		fromItem,
		read: async (signal) => await readInputImage(context, itemIndex, value, { fromItem, signal }),
	});
	const each = (
		kind: Candidate['kind'],
		list: unknown[],
		read: (value: unknown, signal?: AbortSignal) => LinkedImage | Promise<InputImage>,
	): Candidate[] =>
		list.map((value) => ({
			label: `the ${kind} ${quote(value)}`,
			kind,
			value,
			fromItem: itemIndex,
			read: async (signal) => await read(value, signal),
		}));
	switch (sourceOf(row)) {
		case 'allBinary':
			return [...filesOfItem(context, itemIndex).keys()]
				.filter((name) => !notAll.includes(name))
				.map((name) => fromField(name, itemIndex));
		case 'allItems':
			return input.flatMap((_, index) =>
				readNames(context, itemIndex, row, true).map((name) => fromField(name, index)),
			);
		case 'url':
			return each('URL', listOf(row.value('url')), (value) => readUrl(row, value));
		case 'fileId':
			return each('file ID', fileIdsOf(context, row), (value) => readFileId(row, value));
		case 'base64':
			return each('base64 text', listOf(row.value('base64')), (value, signal) =>
				readBase64(context, itemIndex, value, signal),
			);
		case 'binary':
			return readNames(context, itemIndex, row, false).map((name) => fromField(name, itemIndex));
	}
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** An agent has to say something, even when it means the images of another row. */
function fileIdsOf(context: IExecuteFunctions, row: Row): unknown[] {
	const isTool = agentToolOf(context) !== undefined;
	const value = isTool ? (row.textOrBlank('fileId') ?? '') : row.value('fileId');
	return listOf(value).flatMap((one) => (typeof one === 'string' ? splitNames(one) : [one]));
}

const namesOrFiles = (context: IExecuteFunctions, row: Row): unknown[] =>
	listOf(row.value('binaryPropertyName', agentToolOf(context) && ASK_USER));

const textsOf = (context: IExecuteFunctions, row: Row): string[] =>
	namesOrFiles(context, row).flatMap((value) =>
		typeof value === 'string' ? splitNames(value) : [],
	);

const splitNames = (text: string) =>
	text
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');

/** @param onlyNames take no binary object in place of a name */
function readNames(
	context: IExecuteFunctions,
	itemIndex: number,
	row: Row,
	onlyNames: boolean,
): unknown[] {
	const values = namesOrFiles(context, row);
	const names = values.flatMap((one) => (typeof one === 'string' ? splitNames(one) : [one]));
	if (names.length === 0) throw noImages(context, itemIndex);
	const long = values.find(
		(one) => typeof one === 'string' && one.length > BOUNDS.fieldCharacters * 16,
	);
	if (long !== undefined || names.some((name) => String(name).length > BOUNDS.fieldCharacters)) {
		throw row.error(
			'binaryPropertyName',
			`is ${quote(long ?? names[0])}`,
			'It is too long for the name of a field. For an image as base64 text, set Add From to Base64.',
		);
	}
	if (!onlyNames || names.every((name) => typeof name === 'string')) return names;
	throw row.error(
		'binaryPropertyName',
		'is not a name',
		'All Items takes the same field of every item: enter its name, e.g. data, instead of an expression that finds one file.',
	);
}

function noImages(context: IExecuteFunctions, itemIndex: number, inTool = ASK_USER) {
	return parameterError(
		context,
		itemIndex,
		'Images has no image in it',
		agentToolOf(context) === undefined
			? 'Add a row to Images, and check that the node before passes a binary file on.'
			: inTool,
	);
}

/** Input images are paid for. */
function refuseDoubles(context: IExecuteFunctions, itemIndex: number, candidates: Candidate[]) {
	const double = candidates.find((one, index) =>
		candidates
			.slice(0, index)
			.some(
				({ kind, value, fromItem }) =>
					kind === one.kind && value === one.value && fromItem === one.fromItem,
			),
	);
	if (!double) return;
	throw parameterError(
		context,
		itemIndex,
		`Images has ${double.label} twice`,
		'Remove it from one of the rows: each input image is paid for.',
	);
}

/** All Items is done once, so that no item can ask for something else. */
function refuseMixed(context: IExecuteFunctions, itemIndex: number, rows: Row[]) {
	if (!isForAllItems(rows)) return;
	const others = itemIndex > 0 ? [0] : [...context.getInputData().keys()].slice(1);
	if (others.every((other) => isForAllItems(readRows(context, other)))) return;
	throw parameterError(
		context,
		itemIndex,
		'Add From is All Items for some of the items',
		'One edit of all items is made for the first. Set Add From to the same for every item.',
	);
}
