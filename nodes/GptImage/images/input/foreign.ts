import { rootElement } from './markup';

/** A file that the API does not take as an image. */
export interface ForeignFile {
	/** The rest of a sentence: what it is. */
	what: string;
	/** The way out. */
	remedy: string;
}

/** What n8n's own node reads (GraphicsMagick). */
const EDIT_IMAGE =
	"Convert it with n8n's Edit Image node before this node: add its option Format and choose PNG or JPEG.";

const CONVERT =
	'Images can be edited when they are PNG, JPEG or WebP. Convert the file before this node.';

const NO_PICTURE = 'Pass on a PNG, JPEG or WebP in its place, e.g. a frame of the video.';

const HEIC: ForeignFile = {
	what: 'is a HEIC photo',
	remedy:
		'Convert it to JPEG before this node. An iPhone takes JPEG with Settings > Camera > Formats > Most Compatible.',
};

/** What a file begins with, in Latin-1. */
type Beginning = [text: string, what: string, remedy: string];

const BEGINNINGS: Beginning[] = [
	['GIF8', 'is a GIF', EDIT_IMAGE],
	['II*\0', 'is a TIFF', EDIT_IMAGE],
	['MM\0*', 'is a TIFF', EDIT_IMAGE],
	['II+\0', 'is a TIFF', EDIT_IMAGE],
	['\0\0\x01\0', 'is an ICO icon', EDIT_IMAGE],
	['8BPS', 'is a Photoshop file', `Export it as PNG. ${CONVERT}`],
	['\xff\x0a', 'is a JPEG XL', CONVERT],
	['\0\0\0\x0cJXL ', 'is a JPEG XL', CONVERT],
	['\0\0\0\x0cjP  ', 'is a JPEG 2000', CONVERT],
	[
		'%PDF',
		'is a PDF',
		'Turn the page into a PNG or JPEG before this node, or extract its picture.',
	],
	['%!PS', 'is a PostScript file', CONVERT],
	[
		'PK\x03\x04',
		'is a ZIP archive or an Office document',
		"Unpack it with n8n's Compression node before this node, and pass the picture on.",
	],
	['\x1f\x8b', 'is a gzip archive', "Unpack it with n8n's Compression node before this node."],
	['ID3', 'is a sound', NO_PICTURE],
	['OggS', 'is a sound or a video', NO_PICTURE],
	['\x1aE\xdf\xa3', 'is a video', NO_PICTURE],
	['RIFF', 'is a sound or a video', NO_PICTURE],
	['7z\xbc\xaf', 'is a 7-Zip archive', 'Unpack it before this node.'],
	['Rar!', 'is a RAR archive', 'Unpack it before this node.'],
	[
		'\xef\xbf\xbdPNG',
		'is a PNG that was read as text, which has damaged it',
		'Where the file is fetched (e.g. HTTP Request), set Response Format to File.',
	],
	[
		'\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd',
		'is a picture that was read as text, which has damaged it',
		'Where the file is fetched (e.g. HTTP Request), set Response Format to File.',
	],
	[
		'\xc2\x89PNG',
		'is a PNG that was written as text, which has damaged it',
		'Pass the file on as binary data, or as base64, never as text.',
	],
	[
		Buffer.from('dataimage/pn', 'base64').toString('latin1', 0, 7),
		'is a data URL that was decoded with its beginning, which has damaged it',
		'Cut off everything up to the comma (data:image/…;base64,) before it is turned into a file.',
	],
	[
		'data:image/',
		'is the text of a data URL, not the picture itself',
		"Set Add From to Base64 and give the text, or turn what follows the comma into a file with n8n's Convert to File node (Move Base64 String to File).",
	],
];

/** Base64 of the first bytes of PNG, JPEG, WebP and GIF. */
const BASE64_BEGINNINGS = ['iVBORw0KGgo', '/9j/', 'UklGR', 'R0lGOD'];

/** Brands of an ISO media file (ISO/IEC 14496-12 §4.3; ISO/IEC 23008-12 annex B; AV1 Image File Format §4). */
const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/**
 * Says what a file is that is neither PNG, JPEG nor WebP.
 *
 * @param head the first bytes of the file, some thousand where it has them
 */
export function describeForeign(head: Buffer): ForeignFile {
	if (head.length === 0) {
		return {
			what: 'is empty',
			remedy: 'Check the node before: it passes on a file of 0 bytes.',
		};
	}
	const start = head.toString('latin1', 0, 64);
	for (const [text, what, remedy] of BEGINNINGS) {
		if (start.startsWith(text)) return { what, remedy };
	}
	// Four bytes of a BMP's header are always 0; a text may begin with the same letters.
	if (start.startsWith('BM') && start.slice(6, 10) === '\0\0\0\0') {
		return { what: 'is a BMP', remedy: EDIT_IMAGE };
	}
	if (start.slice(4, 8) === 'ftyp') return mediaFile(start.slice(8, 12), start.slice(16));
	return describeText(head) ?? { what: 'is not a picture', remedy: CONVERT };
}

function mediaFile(brand: string, others: string): ForeignFile {
	// HEIC and AVIF share the general brands; the others tell them apart.
	if (brand.startsWith('avi') || (brand === 'mif1' && others.includes('avif'))) {
		return { what: 'is an AVIF', remedy: CONVERT };
	}
	if (HEIF_BRANDS.includes(brand)) return HEIC;
	return { what: 'is a video', remedy: NO_PICTURE };
}

function describeText(head: Buffer): ForeignFile | undefined {
	const root = rootElement(head);
	if (root === 'svg') {
		return { what: 'is an SVG', remedy: 'Render it to a PNG before this node.' };
	}
	if (root === 'html' || root === 'head' || root === 'body' || isHtml(head)) {
		return {
			what: 'is a web page',
			remedy:
				'The address it came from gives a page, e.g. a login or a preview, not the file itself. Use the direct link of the picture.',
		};
	}
	if (root !== undefined) {
		return {
			what: 'is an XML text',
			remedy: 'It may be an error message: open it in the node before.',
		};
	}
	const text = head.toString('utf8').trimStart();
	if (BASE64_BEGINNINGS.some((beginning) => text.startsWith(beginning))) {
		return {
			what: 'is base64 text, not the picture itself',
			remedy:
				"Set Add From to Base64 and give the text, or turn it into a file with n8n's Convert to File node (Move Base64 String to File).",
		};
	}
	if (/^[[{]\s*["{[\]}]/.test(text)) {
		return {
			what: 'is JSON',
			remedy:
				'It may be an error message, or hold the picture as base64: open it in the node before.',
		};
	}
	return undefined;
}

const isHtml = (head: Buffer) => /^(\uFEFF)?\s*<!doctype html/i.test(head.toString('utf8', 0, 256));
