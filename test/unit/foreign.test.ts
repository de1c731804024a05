import sharp from 'sharp';
import { describeForeign } from '../../nodes/GptImage/images/input/foreign';
import { detectFormat } from '../../nodes/GptImage/images/input/format';
import { pictureFile } from '../support/madePictures';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const box = (brand: string, others = '') => bytes(`\0\0\0\x1cftyp${brand}\0\0\0\0${others}`);

describe('a file that is none of PNG, JPEG and WebP', () => {
	it.each<[string, Buffer | Promise<Buffer>]>([
		['is empty', Buffer.alloc(0)],
		['is a GIF', pictureFile('gif')],
		['is a TIFF', pictureFile('png').then(async (png) => await sharp(png).tiff().toBuffer())],
		['is an AVIF', pictureFile('png').then(async (png) => await sharp(png).avif().toBuffer())],
		['is an AVIF', box('mif1', 'avifmiaf')],
		['is a HEIC photo', box('heic', 'mif1')],
		['is a HEIC photo', box('mif1', 'heic')],
		['is a video', box('isom', 'mp42')],
		['is a video', box('qt  ')],
		['is a BMP', bytes(`BM\x36\x10\0\0\0\0\0\0\x36\0\0\0`)],
		['is not a picture', bytes('BMW sells cars')],
		['is an ICO icon', bytes('\0\0\x01\0\x01\0')],
		['is a Photoshop file', bytes('8BPS\0\x01')],
		['is a JPEG XL', bytes('\xff\x0a\x7a')],
		['is a JPEG 2000', bytes('\0\0\0\x0cjP  \r\n\x87\n')],
		['is a PDF', bytes('%PDF-1.7')],
		['is a ZIP archive or an Office document', bytes('PK\x03\x04\x14')],
		['is a gzip archive', bytes('\x1f\x8b\x08')],
		[
			'is an SVG',
			Buffer.from('\ufeff <?xml version="1.0"?><!-- a --><!DOCTYPE svg [<!ENTITY a "<b>">]><svg/>'),
		],
		['is an SVG', bytes('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>')],
		['is a web page', bytes('<!doctype html><meta charset=utf-8>')],
		['is a web page', bytes('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>')],
		['is a web page', bytes('  <HTML><body>Sign in')],
		['is an XML text', bytes('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
		['is JSON', bytes('{"error":"no such file"}')],
		['is JSON', bytes('[ {"a":1}]')],
		[
			'is base64 text, not the picture itself',
			pictureFile('png').then((png) => bytes(png.toString('base64'))),
		],
		[
			'is base64 text, not the picture itself',
			pictureFile('jpeg').then((jpeg) => bytes(jpeg.toString('base64'))),
		],
		[
			'is the text of a data URL, not the picture itself',
			bytes('data:image/png;base64,iVBORw0KGgo'),
		],
		[
			'is a data URL that was decoded with its beginning, which has damaged it',
			pictureFile('png').then((png) =>
				Buffer.from(`data:image/png;base64,${png.toString('base64')}`, 'base64'),
			),
		],
		[
			'is a data URL that was decoded with its beginning, which has damaged it',
			pictureFile('jpeg').then((jpeg) =>
				Buffer.from(`data:image/jpeg;base64,${jpeg.toString('base64')}`, 'base64'),
			),
		],
		[
			'is a PNG that was read as text, which has damaged it',
			pictureFile('png').then((png) => Buffer.from(png.toString('utf8'))),
		],
		[
			'is a picture that was read as text, which has damaged it',
			pictureFile('jpeg').then((jpeg) => Buffer.from(jpeg.toString('utf8'))),
		],
		[
			'is a PNG that was written as text, which has damaged it',
			pictureFile('png').then((png) => Buffer.from(png.toString('latin1'))),
		],
		['is not a picture', bytes('This is no picture')],
	])('%s', async (what, file) => {
		const head = (await file).subarray(0, 4096);
		const found = describeForeign(head);
		expect(found.what).toBe(what);
		expect(found.remedy).toMatch(/^[A-Z].{20,}\.$/);
	});

	it('is an SVG only when the drawing is its first element', () => {
		const page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>';
		expect(detectFormat(bytes(page))).toBeUndefined();
		expect(detectFormat(bytes(`<!-- <svg> -->${page}`))).toBeUndefined();
		expect(detectFormat(bytes(`<!-- ${'long '.repeat(5000)} --><svg/>`))?.name).toBe('svg');
	});

	it('is found out without going over a long text again and again', () => {
		for (const text of ['<!--', '<!DOCTYPE a [', '<?', '<![', '<a:', '<!-- -->']) {
			const { what } = describeForeign(bytes(text.repeat(100_000)));
			expect(['is not a picture', 'is an XML text']).toContain(what);
		}
	});
});
