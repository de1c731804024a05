import { jsonAnswer, type Answer } from './answer';
import type { Garbage } from './types';

const PAGE =
	'<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>';

/**
 * A 200 without a usable image.
 * @param imageUrl where the image can be fetched, for `urlOnly`
 */
export function garbageAnswer(garbage: Garbage, imageUrl: string): Answer {
	const created = Math.floor(Date.now() / 1000);
	const withImage = (image: object) => jsonAnswer(200, { created, data: [image] });
	const json = { 'content-type': 'application/json' };
	switch (garbage) {
		case 'html':
			return {
				status: 200,
				headers: { 'content-type': 'text/html; charset=utf-8' },
				body: [Buffer.from(PAGE)],
			};
		case 'empty':
			return { status: 200, headers: json, body: [] };
		case 'notJson':
			return {
				status: 200,
				headers: json,
				body: [Buffer.from(`{"created": ${created}, "data": [{"b64_json": oops`)],
			};
		case 'badBase64':
			return withImage({ b64_json: '@@@ this is not base64 @@@' });
		case 'wrongMagic':
			return withImage({ b64_json: Buffer.from('These bytes are no image.').toString('base64') });
		case 'urlOnly':
			return withImage({ url: imageUrl });
		case 'emptyData':
			return jsonAnswer(200, { created, data: [] });
		case 'badGzip':
			return {
				status: 200,
				headers: { ...json, 'content-encoding': 'gzip' },
				body: [Buffer.from(JSON.stringify({ created, data: [] }))],
			};
	}
}
