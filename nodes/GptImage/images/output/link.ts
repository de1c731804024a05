import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { RequestFailure } from '../../errors/failure';

/** A web address of an image in n8n's binary store, for whoever cannot take a file. */
export interface TemporaryLink {
	url: string;
	/** ISO 8601. */
	urlExpiresAt: string;
}

/**
 * Finds out whether n8n can sign links to what it stores, before an image is paid for: a byte is stored and
 * signed, since n8n does not tell a node how it stores binary data.
 *
 * @throws {RequestFailure} `store` when n8n cannot store anything
 */
export async function canMakeLinks(context: IExecuteFunctions): Promise<boolean> {
	const binary = await context.helpers
		.prepareBinaryData(Buffer.from('-'), 'link.txt', 'text/plain')
		.catch(() => undefined);
	if (!binary) throw new RequestFailure({ kind: 'store', reason: 'Not even a byte was stored' });
	return makeLink(context, binary, 1) !== undefined;
}

/**
 * @param minutes how long the link works
 * @returns `undefined` where n8n cannot sign links
 */
export function makeLink(
	{ helpers }: IExecuteFunctions,
	binary: IBinaryData,
	minutes: number,
): TemporaryLink | undefined {
	// Old n8n versions have no signed links, whatever the types say.
	if (typeof helpers.createBinarySignedUrl !== 'function' || binary.id === undefined) {
		return undefined;
	}
	try {
		const url = helpers.createBinarySignedUrl(binary, `${minutes} minutes`);
		return { url, urlExpiresAt: new Date(Date.now() + minutes * 60_000).toISOString() };
	} catch {
		// The image is made and paid for; it is worth having without a link, too.
		return undefined;
	}
}
