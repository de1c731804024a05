import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { canMakeLinks, makeLink } from '../../nodes/GptImage/images/output/link';
import { useFakeClock } from '../support/clock';

useFakeClock();

const stored: IBinaryData = { id: 'filesystem-v2:1', data: '', mimeType: 'image/png' };

const contextWith = (helpers: object) => ({ helpers }) as unknown as IExecuteFunctions;

const signs = (binary: IBinaryData, expiresIn: string) => `https://n8n/${binary.id}?${expiresIn}`;
const refuses = () => {
	throw new Error('There is no secret to sign with');
};

it('is what n8n signs, and ends when it says', () => {
	const context = contextWith({ createBinarySignedUrl: signs });
	expect(makeLink(context, stored, 90)).toEqual({
		url: 'https://n8n/filesystem-v2:1?90 minutes',
		urlExpiresAt: '1970-01-01T01:30:00.000Z',
	});
});

it.each<[string, object, IBinaryData]>([
	['an n8n that signs none', {}, stored],
	['an n8n that fails to', { createBinarySignedUrl: refuses }, stored],
	[
		'an image that lies in the item',
		{ createBinarySignedUrl: signs },
		{ ...stored, id: undefined },
	],
])('is missing, and the image is not, with %s', (_, helpers, binary) => {
	expect(makeLink(contextWith(helpers), binary, 90)).toBeUndefined();
});

describe('whether links can be made is found out before an image is paid for', () => {
	const can = async (helpers: object) =>
		await canMakeLinks(
			contextWith({ prepareBinaryData: async () => await Promise.resolve(stored), ...helpers }),
		);

	it('by signing one', async () => {
		expect(await can({ createBinarySignedUrl: signs })).toBe(true);
		expect(await can({ createBinarySignedUrl: refuses })).toBe(false);
		expect(await can({})).toBe(false);
	});

	it('and fails where n8n cannot store anything', async () => {
		const prepareBinaryData = async () => await Promise.reject(new Error('ENOSPC'));
		await expect(can({ prepareBinaryData })).rejects.toMatchObject({ details: { kind: 'store' } });
	});
});
