import fc from 'fast-check';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	exif,
	pictureFile,
	withChunk,
	withSegments,
	withWebpExif,
} from '../../support/madePictures';
import { asSaved, maskFrom, maskOf } from '../../support/parameters';
import { maskPicture } from '../../support/pictures';
import { PNG_KINDS, pngOf } from '../../support/pngPictures';
import { fileHeads } from './fileHeads';

/** One edit of one file, which may be anything. */
export interface InputCase {
	parameters: INodeParameters;
	item: INodeExecutionData;
	/** The files it has: nothing else may be sent. */
	files: Buffer[];
}

/** Whole files of all kinds, small ones. */
async function wholeFiles(): Promise<Buffer[]> {
	const look = { width: 48, height: 32, seed: 7, isFiltered: true };
	const size = { width: 40, height: 30 };
	const pictures = ['png', 'jpeg', 'webp', 'gif'] as const;
	return [
		...(await Promise.all(pictures.map(async (format) => await pictureFile(format)))),
		...(await Promise.all(PNG_KINDS.map(async (kind) => await pngOf(kind, look)))),
		withSegments(await pictureFile('jpeg'), [
			[0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(6)])],
		]),
		withChunk(await pictureFile('png'), 'eXIf', exif(8), 'end'),
		withWebpExif(await pictureFile('webp'), size, exif(5)),
		...fileHeads,
		Buffer.from('<!doctype html><title>Sign in</title>'),
		Buffer.from('{"error":"gone"}'),
		Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
	];
}

interface Damage {
	isDamaged: boolean;
	cut: number;
	changes: Array<[place: number, value: number]>;
	inserted: Uint8Array;
	at: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
	isDamaged: fc.boolean(),
	cut: fc.oneof(
		{ weight: 3, arbitrary: fc.constant(Infinity) },
		{ weight: 1, arbitrary: fc.nat(4000) },
	),
	changes: fc.array(fc.tuple(fc.oneof(fc.nat(80), fc.nat(4000)), fc.nat(255)), { maxLength: 4 }),
	inserted: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 20 })),
	at: fc.nat(3000),
});

function damaged(whole: Buffer, { isDamaged, cut, changes, inserted, at }: Damage): Buffer {
	if (!isDamaged) return whole;
	const file = Buffer.concat([whole.subarray(0, at), inserted, whole.subarray(at)]);
	const bytes = Buffer.from(file.subarray(0, Math.min(cut, file.length)));
	for (const [place, value] of changes) if (place < bytes.length) bytes[place] = value;
	return bytes;
}

/**
 * Loses characters in the middle, so many that their number tells: a loss that leaves whole bytes cannot be told in a
 * file that has zeros behind the end of its picture.
 */
function withLoss(text: string): string {
	const lost = (text.length + 3) % 4 || 4;
	return text.slice(0, 40) + text.slice(40 + lost);
}

/** What is done to base64 on its way. */
const WRITINGS: Array<(text: string) => string> = [
	(text) => text,
	(text) => `data:image/png;base64,${text}`,
	(text) => text.replace(/.{76}/g, '$&\r\n'),
	(text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
	(text) => text.replaceAll('+', ' '),
	(text) => encodeURIComponent(text),
	(text) => text.slice(0, -3),
	(text) => withLoss(text.replace(/=+$/, '')),
	(text) => text.slice(0, text.length >> 1),
	(text) => `${text}${text}`,
	(text) => JSON.stringify(text),
];

const edge = fc.oneof(
	fc.integer({ min: -200, max: 200 }),
	fc.constantFrom(0, -0, 1e-9, 1e6, 1e7, 1e308, -1e308),
);
const shape = fc.record({
	kind: fc.constantFrom('ellipse', 'rectangle'),
	unit: fc.constantFrom('percent', 'pixels'),
	x: edge,
	y: edge,
	width: edge,
	height: edge,
});

/** @returns edits whose image and mask are whole, damaged, or something else, told in every way there is */
export async function inputCases(): Promise<fc.Arbitrary<InputCase>> {
	const files = await wholeFiles();
	const large = await pngOf('rgb', { width: 1024, height: 1024, seed: 3, isFiltered: true });
	const masks = [
		(await maskPicture()).bytes,
		(await maskPicture({ width: 40, height: 30 })).bytes,
		(await maskPicture({ width: 1024, height: 1024 })).bytes,
	];
	const file = fc
		.tuple(fc.constantFrom(...files), damage)
		.map(([whole, how]) => damaged(whole, how));
	// A large one takes longer to make something of.
	const image = fc.oneof(
		{ weight: 60, arbitrary: file },
		{ weight: 1, arbitrary: damage.map((how) => damaged(large, how)) },
	);
	const mask = fc
		.tuple(fc.constantFrom(...masks), damage)
		.map(([whole, how]) => damaged(whole, how));
	const drawn = fc
		.array(shape, { minLength: 1, maxLength: 4 })
		.map((shapes) => maskOf(...shapes).set);
	return fc
		.record({
			image,
			mask,
			drawn,
			use: fc.constantFrom('none', 'none', 'file', 'drawn'),
			keepRest: fc.boolean(),
			writing: fc.oneof(fc.constant(undefined), fc.constantFrom(...WRITINGS)),
			isNamed: fc.boolean(),
		})
		.map((given) => toCase(given));
}

interface Given {
	image: Buffer;
	mask: Buffer;
	drawn: INodeParameters;
	use: string;
	keepRest: boolean;
	writing: ((text: string) => string) | undefined;
	isNamed: boolean;
}

function toCase({ image, mask, drawn, use, keepRest, writing, isNamed }: Given): InputCase {
	const row = writing
		? { source: 'base64', base64: '={{ $json.text }}' }
		: { source: 'binary', binaryPropertyName: 'data' };
	const set = use === 'file' ? maskFrom('mask').set : drawn;
	const named = isNamed ? { fileName: 'a.png', mimeType: 'image/png' } : { mimeType: 'text/plain' };
	const json: IDataObject = writing ? { text: writing(image.toString('base64')) } : {};
	return {
		parameters: asSaved({
			operation: 'edit',
			prompt: 'a fox',
			images: { image: [row] },
			options: {
				maxRetries: 0,
				timeout: 60,
				...(use !== 'none' && { mask: { set: { ...set, keepRest } } }),
			},
		}),
		item: {
			json,
			binary: {
				data: { ...named, data: image.toString('base64') },
				mask: { ...named, data: mask.toString('base64') },
			},
		},
		files: [image, mask],
	};
}
