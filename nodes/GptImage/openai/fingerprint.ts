import { createHash } from 'crypto';
import type { Connection } from './connection';
import { isFile, picturesOf, type ApiRequest, type RequestImage } from './request';

/**
 * Tells whether two requests are the same: same credential, same fields, same pictures in the same places.
 *
 * @returns a hash; nothing can be read out of it
 * @throws what opening or reading a file throws
 */
export async function requestFingerprintOf(
	{ identity }: Connection,
	request: ApiRequest,
): Promise<string> {
	const pictures = [];
	for (const picture of picturesOf(request)) pictures.push(await identityOf(picture));
	const { path, fields, images, mask, markup, asJson, keepRest } = request;
	const roles = [images.length, mask !== undefined, markup !== undefined];
	const parts = [identity, path, fields, asJson, roles, pictures, keepRest?.softEdge];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

async function identityOf(picture: RequestImage): Promise<unknown> {
	if (!isFile(picture)) return picture.link;
	const { fileName, mimeType, bytes, id } = picture;
	if (id !== undefined) return [fileName, mimeType, bytes, id];
	const hash = createHash('sha256');
	for await (const chunk of await picture.open()) hash.update(chunk);
	return [fileName, mimeType, bytes, hash.digest('base64')];
}
