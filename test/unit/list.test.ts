import { listAll } from '../../nodes/GptImage/openai/list';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';

const page = (ids: unknown[], more = false): FakeAnswer => ({
	body: { object: 'list', data: ids.map((id) => ({ id })), has_more: more },
});

/** Reads a list, up to so many entries. */
async function list(answers: FakeAnswer[], most = Infinity) {
	const { session, made } = fakeApi(...answers);
	const ids: unknown[] = [];
	for await (const { id } of listAll(session, '/files', { purpose: 'batch' })) {
		ids.push(id);
		if (ids.length === most) break;
	}
	return { ids, made: made() };
}

const FIRST = 'GET /files?purpose=batch&limit=100';

it('is read page by page', async () => {
	const { ids, made } = await list([page(['a', 'b'], true), page(['c'], true), page([])]);
	expect(ids).toEqual(['a', 'b', 'c']);
	expect(made).toEqual([FIRST, `${FIRST}&after=b`, `${FIRST}&after=c`]);
});

it('is read no further than its reader goes', async () => {
	expect(await list([page(['a', 'b'], true)], 2)).toEqual({ ids: ['a', 'b'], made: [FIRST] });
});

it('ends with a server that has a new page for ever', async () => {
	const pages = Array.from({ length: 1001 }, (_, index) => page([`file-${index}`], true));
	await expect(list(pages)).rejects.toMatchObject({ details: { kind: 'answer' } });
});

it.each<[string, FakeAnswer[], unknown[]]>([
	['that does not know pages', [page(['a', 'b'], true)], ['a', 'b']],
	['whose entries have no id', [page([7], true)], [7]],
	['that sends no list', [{ body: { data: 'none', has_more: true } }], []],
	['with odd entries', [{ body: { data: [null, 'a', { id: 'a' }], has_more: false } }], ['a']],
])('ends with a server %s', async (_, answers, expected) => {
	expect((await list(answers)).ids).toEqual(expected);
});
