import { pictureLines } from '../../nodes/GptImage/batch/pictureLines';
import { RestPictures } from '../../nodes/GptImage/batch/restPictures';
import type { Reopenable } from '../../nodes/GptImage/images/composite/keepRest';
import { requestFile } from '../support/batches';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';

const MB = 1024 * 1024;

const bytesFrom = async ({ open }: Pick<Reopenable, 'open'>) => {
	const chunks: Uint8Array[] = [];
	for await (const chunk of await open()) chunks.push(chunk);
	return Buffer.concat(chunks);
};

/** An answer with a picture, as it lies at OpenAI. */
async function answerOf(picture: Buffer): Promise<FakeAnswer> {
	const body = await bytesFrom(pictureLines(requestFile(picture)));
	return { body, headers: { 'content-length': String(body.length) } };
}

const [small, large] = [Buffer.alloc(1000, 'mask'), Buffer.alloc(17 * MB, 'first image')];
const rest = { first: 'file-1', mask: 'file-2', softEdge: 3 };
const get = (id: string) => `GET /files/${id}/content`;

it('holds what is small, and streams what is large each time', async () => {
	const [first, mask] = [await answerOf(large), await answerOf(small)];
	const { session, made } = fakeApi(first, mask, first, first);
	const pictures = new RestPictures(session);
	for (let time = 0; time < 2; time++) {
		const keep = await pictures.of(rest);
		if (!keep) throw new Error('They are there');
		expect(keep.softEdge).toBe(3);
		expect((await bytesFrom(keep.mask)).equals(small)).toBe(true);
		expect((await bytesFrom(keep.first)).equals(large)).toBe(true);
	}
	expect(made()).toEqual([get('file-1'), get('file-2'), get('file-1'), get('file-1')]);
});

it('lets go of what was not used for longest', async () => {
	const [half, mask] = [await answerOf(Buffer.alloc(9 * MB, 'x')), await answerOf(small)];
	const { session, made } = fakeApi(half, mask, half, half);
	const pictures = new RestPictures(session);
	for (const first of ['file-1', 'file-3', 'file-1']) await pictures.of({ ...rest, first });
	expect(made()).toEqual(['file-1', 'file-2', 'file-3', 'file-1'].map(get));
});

it('asks once for what is gone', async () => {
	const { session, made } = fakeApi({ status: 404, body: {} }, await answerOf(small));
	const pictures = new RestPictures(session);
	expect([await pictures.of(rest), await pictures.of(rest)]).toEqual([undefined, undefined]);
	expect(made()).toEqual([get('file-1'), get('file-2')]);
});

it('throws what is only the matter now', async () => {
	const { session } = fakeApi({ status: 403, body: {} });
	await expect(new RestPictures(session).of(rest)).rejects.toMatchObject({
		details: { kind: 'api', status: 403 },
	});
});
