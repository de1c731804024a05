import { BOUNDS } from '../../bounds';
import { FILE_ID } from '../../openai/files';
import type { LinkedImage } from '../../openai/request';
import type { imageRowFields } from '../fields/images';
import type { FieldValues } from './fieldValues';

type ImageRow = FieldValues<(typeof imageRowFields)[number]>;

/**
 * @returns an image that the API fetches itself; the node never does
 * @throws NodeOperationError that names the field, when the value is not one web address
 */
export function readUrl(row: ImageRow, value: unknown): LinkedImage {
	const url = typeof value === 'string' ? value.slice(0, BOUNDS.urlCharacters + 1).trim() : '';
	const isAddress = /^https?:\/\/[^\s/]\S*$/i.test(url) && url.length <= BOUNDS.urlCharacters;
	if (isAddress && !/[,;]https?:/i.test(url)) return { link: { image_url: url } };
	if (isAddress) {
		throw row.error(
			'url',
			'has several addresses in it',
			'Add a row to Images for each, or let the expression find a list.',
		);
	}
	throw row.error(
		'url',
		'is not a web address',
		'It begins with https:// and must be open to the public, since OpenAI fetches it. For data URLs choose Base64.',
	);
}

/**
 * @returns an image that was uploaded to OpenAI before
 * @throws NodeOperationError that names the field, when the value cannot be the id of a file
 */
export function readFileId(row: ImageRow, value: unknown): LinkedImage {
	const fileId = typeof value === 'string' ? value.trim() : '';
	if (FILE_ID.test(fileId)) return { link: { file_id: fileId } };
	throw row.error(
		'fileId',
		'is not the id of a file',
		'Use the id of a file uploaded to OpenAI with the purpose vision, e.g. file-AbC123.',
	);
}
