import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { readBase64, readInputImage } from '../../nodes/GptImage/images/input/inputImage';
import { gptImage, newNode } from '../harness/package';
import { pictureFile } from '../support/madePictures';

const MB = 1024 * 1024;

interface Stored {
	/** How long n8n says that it is; it does not say by default. */
	bytes?: number;
	/** What comes of opening it, or of asking for its length. */
	open?: () => Promise<AsyncIterable<Buffer>>;
	length?: () => Promise<{ fileSize: number }>;
}

/** As much of n8n as is asked for one stored file. */
function contextWith({ bytes, open, length }: Stored): IExecuteFunctions {
	const data: IBinaryData = { id: 'database:1', data: '', mimeType: 'image/png', bytes };
	return {
		getNode: () => newNode(gptImage, true),
		getWorkflow: () => ({ id: 'own', settings: {} }),
		getInputData: () => [{ json: {}, binary: { data } }],
		getWorkflowSettings: () => ({}),
		helpers: {
			getBinaryStream: open ?? (async () => await Promise.reject(new Error('ENOENT'))),
			getBinaryMetadata: length ?? (async () => await Promise.resolve({ fileSize: 1000 })),
		},
	} as unknown as IExecuteFunctions;
}

/** A file that begins like this and has no end. */
function endless(head: Buffer) {
	const read = { bytes: 0 };
	async function* chunks() {
		for (let chunk = head; ; chunk = Buffer.alloc(MB)) {
			read.bytes += chunk.length;
			yield await Promise.resolve(chunk);
		}
	}
	return { read, open: async () => await Promise.resolve(chunks()) };
}

const look = async (stored: Stored) =>
	await readInputImage(contextWith(stored), 0, 'data').catch((error: Error) => error.message);

describe('a stored file', () => {
	it('that n8n has deleted cannot be read', async () => {
		expect(await look({ bytes: 5 })).toMatch(/^Input data field "data" cannot be read/);
		const length = async () => await Promise.reject(new Error('ENOENT'));
		expect(await look({ length })).toMatch(/^Input data field "data" cannot be read/);
	});

	it('that is too large by what n8n says is not opened', async () => {
		const open = jest.fn();
		expect(await look({ bytes: 200 * MB, open })).toMatch(/ has 209715200 bytes/);
		expect(open).not.toHaveBeenCalled();
	});

	it('that is larger than it says is read up to what the API takes', async () => {
		const { open, read } = endless((await pictureFile('png')).subarray(0, 8192));
		expect(await look({ bytes: 5, open })).toMatch(/ has 52\d{6} bytes/);
		expect(read.bytes).toBeLessThan(51 * MB);
	});

	it('that is no picture is read no further than its beginning', async () => {
		const { open, read } = endless(Buffer.alloc(8192, 'text '));
		expect(await look({ bytes: 5, open })).toMatch(/^Input data field "data" /);
		expect(read.bytes).toBe(8192);
	});
});

it('a text that is far too long is not decoded', async () => {
	const text = 'A'.repeat(100 * MB + 4);
	const problem = await readBase64(contextWith({}), 0, text).catch((error: Error) => error.message);
	expect(problem).toMatch(/^The image in Base64 has 78643203 bytes/);
});

it('what is no text at all is no base64', async () => {
	const problem = await readBase64(contextWith({}), 0, { data: 'A' }).catch(
		(error: Error) => error.message,
	);
	expect(problem).toMatch(/base64/i);
});
