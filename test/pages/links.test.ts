import { jsonParse } from 'n8n-workflow';
import { gptImage, openAiImagesApi } from '../harness';
import { fs, path, repositoryRoot } from '../node';
import { filesOfRepository, read } from '../support/sources';

// Pages are read on GitHub, and some in an editor or on npm: a link has to lead somewhere in all of them.
const pages = filesOfRepository().filter((file) => file.endsWith('.md'));

/** What a page links to and shows, except in code; Markdown and HTML. */
function targetsIn(text: string): string[] {
	const prose = text.replace(/^(```+|~~~+)[\s\S]*?^\1$/gm, '').replace(/(`+)[^`].*?\1/g, '');
	const patterns = [
		/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g,
		/^\s*\[[^\]]+\]:\s*(\S+)/gm,
		/<(?:img|a|source|video)\b[^>]*?\b(?:src|href|srcset)="([^"]+)"/g,
	];
	return patterns.flatMap((pattern) =>
		[...prose.matchAll(pattern)].map(([, target = '']) => target),
	);
}

/** The anchors GitHub gives a page: of its headings, numbered when they are alike, and those set by hand. */
function anchorsIn(text: string): string[] {
	const prose = text.replace(/^(```+|~~~+)[\s\S]*?^\1$/gm, '');
	const seen = new Map<string, number>();
	const headings = [...prose.matchAll(/^#{1,6} +(.+?)(?: +#+)?$/gm)].map(([, heading = '']) => {
		const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
		const slug = plain
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-');
		const count = seen.get(slug) ?? 0;
		seen.set(slug, count + 1);
		return count === 0 ? slug : `${slug}-${count}`;
	});
	const byHand = [...prose.matchAll(/<\w+ [^>]*\b(?:id|name)="([^"]+)"/g)];
	return [...headings, ...byHand.map(([, id = '']) => id)];
}

/** What is wrong with a link from a page; `undefined` when it leads somewhere. */
function problemWith(target: string, page: string): string | undefined {
	if (/^(https:|mailto:)/.test(target)) return undefined;
	if (/^[a-z]+:|^\//i.test(target)) return `${target}: neither https nor relative`;
	const [file = '', anchor] = target.split('#');
	const found = path.join(path.dirname(page), decodeURIComponent(file));
	const whole = file === '' ? page : found;
	if (whole.startsWith('..')) return `${target}: outside of the repository`;
	if (!fs.existsSync(path.join(repositoryRoot, whole))) return `${target}: no such file`;
	if (anchor === undefined) return undefined;
	if (!whole.endsWith('.md')) return `${target}: only pages have headings`;
	return anchorsIn(read(whole)).includes(anchor) ? undefined : `${target}: no such heading`;
}

it('there are pages, with links and pictures', () => {
	expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'SECURITY.md']));
	expect(targetsIn(read('README.md')).length).toBeGreaterThan(20);
	expect(targetsIn(read('docs/options.md')).length).toBeGreaterThan(5);
	expect(targetsIn(read('bench/results.md')).length).toBeGreaterThan(2);
});

it.each(pages)('every link and picture of %s leads somewhere', (page) => {
	const problems = targetsIn(read(page)).map((target) => problemWith(target, page));
	expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
});

it('every picture beside the pages is shown by one', () => {
	const shown = pages.flatMap((page) =>
		targetsIn(read(page)).map((target) => path.join(path.dirname(page), target)),
	);
	const pictures = filesOfRepository().filter((file) => /\.(png|jpe?g|webp|gif|svg)$/.test(file));
	const icons = /^(icons|test)\//;
	expect(pictures.filter((file) => !icons.test(file) && !shown.includes(file))).toEqual([]);
});

it('every page that the node, its panel or the credential links to exists', () => {
	const { repository } = jsonParse<{ repository: { url: string } }>(read('package.json'));
	const home = `${repository.url.replace(/\.git$/, '').replace(/^git\+/, '')}/blob/main/`;
	const sources = ['nodes', 'credentials', 'examples']
		.flatMap((folder) => filesOfRepository(folder))
		.filter((file) => /\.(ts|json)$/.test(file));
	const linked = sources.flatMap((file) =>
		[...read(file).matchAll(/https:\/\/[^\s"'`\\)<>]+/g)]
			.map(([url]) => url)
			.filter((url) => url.startsWith(home)),
	);
	expect(linked).toContain(openAiImagesApi.documentationUrl);
	const problems = linked.map((url) => problemWith(url.slice(home.length), 'README.md'));
	expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
	for (const { documentationUrl } of [openAiImagesApi, gptImage.description]) {
		expect(documentationUrl ?? home).toMatch(new RegExp(`^${home}`));
	}
});

describe('the check', () => {
	it.each([
		['README.md#cost', undefined],
		['docs/options.md#masks', undefined],
		['#cost', undefined],
		['examples', undefined],
		['#no-such-heading', '#no-such-heading: no such heading'],
		['no-such-file.md', 'no-such-file.md: no such file'],
		['../elsewhere.md', '../elsewhere.md: outside of the repository'],
		['http://example.com', 'http://example.com: neither https nor relative'],
		['package.json#name', 'package.json#name: only pages have headings'],
	])('of %s in the README says %s', (target, problem) => {
		expect(problemWith(target, 'README.md')).toBe(problem);
	});

	it('sees links, pictures, references and HTML, but no code', () => {
		const text = [
			'[a](one.md) ![b](two.png "B") [c][d] `[e](code.md)`',
			'[d]: three.md',
			'<a href="four.md"><img width="9" src="five.svg"></a>',
			'```md\n[f](fence.md)\n```',
		].join('\n');
		expect(targetsIn(text).sort()).toEqual([
			'five.svg',
			'four.md',
			'one.md',
			'three.md',
			'two.png',
		]);
	});

	it('names headings as GitHub does', () => {
		const text = '# A `b` [c](d.md)!\n## Twice\n## Twice\n```sh\n# no heading\n```\n<a id="own">';
		expect(anchorsIn(text)).toEqual(['a-b-c', 'twice', 'twice-1', 'own']);
	});
});
