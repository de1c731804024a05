import type { IDataObject } from 'n8n-workflow';
import { multipartForm, type FilePart, type OpenStreams } from './multipart';

/** An image the API fetches itself. */
export interface LinkPart {
	/** Name of the form field it would have, `image[]` or `mask`. */
	field: string;
	link: { image_url: string } | { file_id: string };
}

/** @returns images of an edit with the name of their form field: that of a list when there are several */
export const asImages = <Image extends object>(images: Image[]) =>
	images.map((image) => ({ ...image, field: images.length > 1 ? 'image[]' : 'image' }));

/** What to ask the API for. */
export interface ApiRequest {
	path: '/images/generations' | '/images/edits';
	/** Body fields by the API's names; only what is to be sent. */
	fields: IDataObject;
	/** Images, mask and markup of an edit, in order. */
	files: Array<FilePart | LinkPart>;
	/** Put the files into a JSON body as data URLs; links always are. */
	asJson: boolean;
}

/**
 * Makes the body of one attempt: JSON, or multipart when there are files.
 *
 * @param streams remembers what is opened for the body
 * @returns a form streams its files when it is sent; a JSON body holds them
 * @throws what opening or reading a stored file throws
 */
export async function encodeBody(
	request: ApiRequest,
	streams: OpenStreams,
): Promise<FormData | IDataObject> {
	const { fields, files, asJson } = request;
	if (files.length === 0) return fields;
	const parts = files.filter(isFile);
	if (!asJson && parts.length === files.length) {
		return multipartForm(formFields(fields), parts, streams);
	}
	const images: IDataObject[] = [];
	const body: IDataObject = { ...fields, images };
	for (const file of files) {
		const link = isFile(file) ? { image_url: await dataUrl(file) } : file.link;
		if (file.field.startsWith('image')) images.push(link);
		else body[file.field] = link;
	}
	return body;
}

/** How many characters a file has as a data URL. */
export const dataUrlLength = ({ mimeType, bytes }: Pick<FilePart, 'mimeType' | 'bytes'>) =>
	`data:${mimeType};base64,`.length + 4 * Math.ceil(bytes / 3);

const isFile = (file: FilePart | LinkPart): file is FilePart => 'open' in file;

async function dataUrl(file: FilePart): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of await file.open()) chunks.push(chunk);
	return `data:${file.mimeType};base64,${Buffer.concat(chunks).toString('base64')}`;
}

/** Nested fields get the names the official SDK gives them, e.g. `svg[reasoning][effort]`. */
function formFields(fields: IDataObject, prefix = ''): Array<[string, string]> {
	return Object.entries(fields).flatMap(([key, value]): Array<[string, string]> => {
		const name = prefix === '' ? key : `${prefix}[${key}]`;
		const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
		return isNested ? formFields({ ...value }, name) : [[name, String(value)]];
	});
}
