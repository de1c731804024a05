import {
	jsonParse,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { describeBatch } from '../../nodes/GptImage/batch/describeBatch';
import { toMetadata } from '../../nodes/GptImage/batch/metadata';
import type { BatchPart } from '../../nodes/GptImage/batch/parts';
import { describeSubmitted } from '../../nodes/GptImage/batch/submittedItem';
import type { Batch } from '../../nodes/GptImage/openai/batches';
import { Redactor } from '../../nodes/GptImage/errors/redact';
import { BOUNDS } from '../../nodes/GptImage/bounds';
import edit from '../../nodes/GptImage/__schema__/v1.0.0/image/edit.json';
import generate from '../../nodes/GptImage/__schema__/v1.0.0/image/generate.json';
import { toItems } from '../../nodes/GptImage/images/output/items';
import { MODEL_FAMILIES, type ModelFamily } from '../../nodes/GptImage/models/catalogue';
import { PRICES_DATE } from '../../nodes/GptImage/models/prices';
import { FIXED_SIZES } from '../../nodes/GptImage/models/sizes';
import { outputTokens } from '../../nodes/GptImage/cost/outputTokens';
import { adviseOn } from '../../nodes/GptImage/errors/advice';
import { isRecord } from '../../nodes/GptImage/values';
import { apiFailure } from '../../nodes/GptImage/errors/classify';
import { RequestFailure, type FailureDetails } from '../../nodes/GptImage/errors/failure';
import { billingOf } from '../../nodes/GptImage/openai/retry/billing';
import { retryDecision } from '../../nodes/GptImage/openai/retry/retryDecision';
import { displayedProperties, gptImage, gptImageTrigger, openAiImagesApi } from '../harness';
import { fs, path, repositoryRoot } from '../node';
import { FAULT_TABLE } from '../simulator/errors';
import { modelById } from '../support/parameters';
import { useSimulator } from '../support/simulator';
import { filesOfRepository, read, tableIn } from '../support/sources';

// The pages are written by hand; here they are held against the code.
const readme = read('README.md');
const optionsPage = read('docs/options.md');
const docs = filesOfRepository('docs').filter((file) => file.endsWith('.md'));
const pages = [
	'README.md',
	'CONTRIBUTING.md',
	'CHANGELOG.md',
	'LICENSE.md',
	'SECURITY.md',
	...docs,
];

/** The cells of the rows of the first table under a heading of a page in `docs/`, without the head. */
const table = (page: string, heading: string) => tableIn(`docs/${page}.md`, heading).slice(1);

/** What stands between two marks in the cells of a column, e.g. the names in bold. */
const marked = (rows: string[][], mark: '**' | '`', column = 0) =>
	rows.flatMap((cells) => (cells[column] ?? '').split(mark).filter((_, index) => index % 2 === 1));

const unique = (names: string[]) => [...new Set(names)].sort();

type Option = INodeProperties | INodePropertyOptions | INodePropertyCollection;
const isField = (option: Option): option is INodeProperties => 'type' in option;
const fieldsIn = ({ options = [] }: INodeProperties) =>
	options.flatMap((option: Option) => ('values' in option ? option.values : [])).filter(isField);
const choicesOf = ({ options = [] }: INodeProperties) =>
	options.flatMap((option: Option) => ('value' in option ? [option] : []));

const panel = gptImage.description.properties.filter(
	({ name, type, displayOptions }) =>
		!['hidden', 'notice', 'json'].includes(type) &&
		!displayOptions?.show?.[`/${name}`] &&
		!displayOptions?.show?.['@tool'],
);
const BATCH_OPERATIONS = ['getImages', 'get', 'getAll', 'cancel'];
const resourceOf = (operation: string) =>
	BATCH_OPERATIONS.includes(operation) ? 'batch' : 'image';
const isShownIn = (operation: string) => (field: INodeProperties) => {
	const { resource, operation: own, '/operation': outer } = field.displayOptions?.show ?? {};
	const isOfResource = resource?.includes(resourceOf(operation)) ?? true;
	return isOfResource && [own, outer].every((shown) => shown?.includes(operation) ?? true);
};
const panelOf = (operations: string[]) =>
	panel.filter((field) => operations.some((operation) => isShownIn(operation)(field)));
const imagePanel = panelOf(['generate', 'edit']);
const batchPanel = panelOf(BATCH_OPERATIONS);
const optionsOf = (operation: string) =>
	panel
		.filter(isShownIn(operation))
		.filter(({ type }) => type === 'collection')
		.flatMap(({ name: parent, options = [] }) =>
			options
				.filter(isField)
				// Nothing to set: it is shown where a workflow has it already.
				.filter(({ name, displayOptions }) => !displayOptions?.show?.[`/${parent}.${name}`]),
		)
		.filter(isShownIn(operation));
const allOptions = optionsOf('edit');
const labels = (fields: INodeProperties[]) => unique(fields.map(({ displayName }) => displayName));

/** What the pages call a default: the label of a choice, the id of a model, on or off. */
function inWords(field: INodeProperties): string {
	const value: unknown = field.default;
	if (Array.isArray(value)) {
		const isAll = choicesOf(field).every((choice) => value.includes(choice.value));
		return isAll ? 'all' : value.join(', ');
	}
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (isRecord(value)) return typeof value.value === 'string' ? value.value : '–';
	const choice = choicesOf(field).find((one) => one.value === value);
	return choice?.name ?? (value === '' ? '–' : String(value));
}

describe('the fields', () => {
	const rows = table('options', 'Fields');
	const triggerPanel = gptImageTrigger.description.properties.filter(
		({ type }) => !['hidden', 'notice'].includes(type),
	);
	const tables = [
		{ of: 'images', told: rows, fields: imagePanel },
		{ of: 'batches', told: table('batches', 'Fetch'), fields: batchPanel },
		{ of: 'the trigger', told: table('batches', 'GPT Image Trigger'), fields: triggerPanel },
	];

	it('belong to images or to batches', () => {
		expect(labels([...imagePanel, ...batchPanel])).toEqual(labels(panel));
		const values = panel.filter(({ name }) => name === 'operation').flatMap(choicesOf);
		expect(values.map(({ value }) => value)).toEqual(['generate', 'edit', ...BATCH_OPERATIONS]);
	});

	it.each(tables)('of $of are those of the node', ({ told, fields }) => {
		expect(unique(marked(told, '**'))).toEqual(labels(fields));
	});

	it.each(tables)('of $of begin with the defaults of the node', ({ told, fields }) => {
		const plain = fields.filter(({ type }) => type !== 'fixedCollection');
		const defaults = told.map(([name = '', , standard = '']) => [
			name.replaceAll('**', ''),
			standard,
		]);
		const wanted = plain.map((field) => [field.displayName, inWords(field)]);
		expect(defaults).toEqual(expect.arrayContaining(wanted));
	});

	it('are said to be for Edit only when they are', () => {
		const editOnly = imagePanel.filter(
			({ name }) => !panel.filter(isShownIn('generate')).some((field) => field.name === name),
		);
		const told = rows.filter(([, what]) => what?.startsWith('Edit only.'));
		expect(unique(marked(told, '**'))).toEqual(labels(editOnly));
	});

	it('of the credential are named', () => {
		expect(unique(marked(table('credential', 'The credential'), '**'))).toEqual(
			labels(openAiImagesApi.properties),
		);
	});

	it('of a row of Images are named', () => {
		const [source, ...others] = panel
			.filter(({ name }) => name === 'images')
			.slice(0, 1)
			.flatMap(fieldsIn);
		const rowsOfImages = table('options', 'Images of an edit');
		const sources = source ? choicesOf(source).map(({ name }) => name) : [];
		expect(marked(rowsOfImages, '**').sort()).toEqual([...sources].sort());
		expect(unique(marked(rowsOfImages, '**', 1))).toEqual(labels(others));
		expect(optionsPage).toContain(`**${source?.displayName}**`);
	});

	it('of a shape of Mask Area are named', () => {
		const fields = allOptions.filter(({ name }) => name === 'mask').flatMap(fieldsIn);
		const area = fields.filter(({ name }) => name === 'maskArea').flatMap(fieldsIn);
		expect(unique(marked(table('options', 'Masks'), '**'))).toEqual(labels(area));
		expect(labels(fields).filter((name) => !optionsPage.includes(`**${name}**`))).toEqual([]);
	});

	it('have all their choices and inner fields named somewhere', () => {
		const namesOf = (outer: INodeProperties[]) => {
			const inner = outer.flatMap(fieldsIn);
			return [...[...outer, ...inner].flatMap(choicesOf).map(({ name }) => name), ...labels(inner)];
		};
		const image = namesOf([...imagePanel, ...allOptions]);
		expect(image.length).toBeGreaterThan(40);
		expect(image.filter((name) => !optionsPage.includes(name))).toEqual([]);
		const filters = batchPanel.filter(({ type }) => type === 'collection');
		const ofFilters = labels(filters.flatMap(({ options = [] }) => options.filter(isField)));
		const batch = [...namesOf([...batchPanel, ...triggerPanel]), ...ofFilters];
		expect(batch.filter((name) => !read('docs/batches.md').includes(name))).toEqual([]);
		const credential = namesOf(openAiImagesApi.properties);
		expect(credential.filter((name) => !read('docs/credential.md').includes(name))).toEqual([]);
	});
});

describe('the options', () => {
	const rows = table('options', 'Options').map(
		([name = '', what = '', standard = '', models = '']) => ({
			name: name.replaceAll('**', ''),
			what,
			standard,
			models,
		}),
	);

	it('are those of the node, in the same order', () => {
		const names = allOptions.map(({ displayName }) => displayName);
		expect(rows.map(({ name }) => name)).toEqual([...new Set(names)]);
	});

	it.each(rows)('$name begins with $standard', ({ name, standard }) => {
		const options = allOptions.filter(({ displayName }) => displayName === name);
		expect(options.map(inWords)).toEqual(options.map(() => standard));
	});

	it('are said to be for Edit only when they are', () => {
		const shared = labels(optionsOf('generate'));
		const wanted = labels(allOptions).filter((name) => !shared.includes(name));
		const told = rows.filter(({ what }) => what.startsWith('Edit only.'));
		expect(told.map(({ name }) => name).sort()).toEqual(wanted);
	});

	it.each(rows)('$name is shown for these models: $models', ({ name, models }) => {
		const showing = MODEL_FAMILIES.filter((family) => shownFor(family).includes(name));
		const generations = showing.map(({ id }) =>
			id.replace(/^gpt-image-/, '').replace(/-(sunburst|flare)$/, ''),
		);
		const isEverywhere = showing.length === MODEL_FAMILIES.length;
		expect(models).toBe(isEverywhere ? 'all' : [...new Set(generations)].join(', '));
	});
});

/** Labels of the options that can be added for a model, whatever else has to be chosen first; as a tool, too. */
function shownFor({ id, formats }: ModelFamily): string[] {
	const tool = { ...gptImage.description, name: `${gptImage.description.name}Tool` };
	const shown = (
		description: INodeTypeDescription,
		delivery: string,
		imageOptions: INodeParameters,
		outputOptions: INodeParameters,
	) =>
		displayedProperties(description, {
			operation: 'edit',
			model: modelById(id),
			delivery,
			imageOptions,
			outputOptions,
		}).map(({ property }) => property.displayName);
	return [
		...formats.flatMap((outputFormat) =>
			shown(gptImage.description, 'now', { outputFormat }, { partialImages: 1 }),
		),
		...shown(gptImage.description, 'batch', {}, {}),
		...shown(tool, 'now', {}, { output: 'selectedFields' }),
	];
}

it('the models are those of the catalogue', () => {
	const tick = (has: boolean) => (has ? 'yes' : '–');
	const list = (values: string[]) => values.join(', ') || '–';
	const wanted = MODEL_FAMILIES.map(({ prices, shutdown, ...family }) => [
		family.id,
		family.sizes === 'free' ? 'any' : 'three',
		list(family.qualities),
		list(family.formats),
		list(family.fidelities),
		tick(family.markup),
		tick(family.complexity),
		prices
			? `${prices.textInput} / ${prices.imageInput} / ${prices.imageOutput} / ${prices.textOutput}`
			: '–',
		shutdown?.date ?? '–',
		shutdown?.replacement ?? '–',
	]);
	expect(table('models-and-prices', 'Models')).toEqual(wanted);
	expect(read('docs/models-and-prices.md')).toContain(`As of ${PRICES_DATE}`);
});

it('the prices of an image are those of the catalogue', () => {
	const grades = ['low', 'medium', 'high', 'xhigh', 'max'];
	const wanted = MODEL_FAMILIES.flatMap(({ id, prices, outputTokens: figures, qualities }) => {
		if (!prices || !figures) return [];
		const price = (quality: string, size: string) =>
			((outputTokens(figures, quality, size) ?? NaN) * prices.imageOutput) / 1_000_000;
		const cells = grades.map((quality) =>
			qualities.some((one) => one === quality)
				? FIXED_SIZES.map((size) => price(quality, size).toFixed(3)).join(' / ')
				: '–',
		);
		return [[id, ...cells]];
	});
	expect(table('models-and-prices', 'What an image costs')).toEqual(wanted);
	expect(read('docs/models-and-prices.md')).toContain(`the prices of ${PRICES_DATE}`);
});

describe('what comes out', () => {
	const simulator = useSimulator();

	it('has the JSON fields that are named', () => {
		const tokens = { text_tokens: 1, image_tokens: 1 };
		const usage = { input_tokens: 2, input_tokens_details: tokens, output_tokens: 1 };
		const facts = {
			operation: 'generate',
			request: { model: 'a-model' },
			answer: { size: '1x1', quality: 'low', background: 'opaque', created: 1, usage },
			fallbackFor: 'another',
			requestId: 'req_1',
			durationMs: 1,
			retries: 1,
			retryReasons: ['500'],
			waitedMs: 1,
			cost: 0.1,
			costBasis: 'your prices',
			imagesInRequest: 1,
			references: [{ item: 0, fileName: 'a.png' }],
		};
		const binary = { data: '', mimeType: 'image/png', fileName: 'a.png', bytes: 1 };
		const format = { name: 'png', mimeType: 'image/png', extension: 'png' } as const;
		const link = { url: 'https://n8n.example.com/a', urlExpiresAt: '2026-11-22T01:00:00.000Z' };
		const file = { fileId: 'file-a', fileExpiresAt: link.urlExpiresAt, fileError: 'no' };
		const placeholder = { isPlaceholder: true, estimatedCost: 0.1, estimateBasis: 'figures' };
		const request = { model: 'a-model', prompt: 'A fox' };
		const image = {
			stored: { binary, format, keepRestError: 'no' },
			partials: [],
			index: 0,
			link,
			file,
			facts: { ...facts, ...placeholder, request, isFromEarlierTry: true },
		};
		const svg = { ...image, facts: { ...facts, answer: { svg_usage: {} } } };
		const shape = { pairedItem: { item: 0 }, oneItem: false };
		const page = read('docs/output.md');
		for (const [heading, detail, schemas] of [
			['Simplified', 'simplified', [edit, generate]],
			['Raw', 'raw', []],
		] as const) {
			const items = toItems([image, svg], { ...shape, detail });
			const named = unique(marked(table('output', heading), '`'));
			expect(named).toEqual(unique(items.flatMap(({ json }) => Object.keys(json))));
			expect(named).toEqual(
				expect.arrayContaining(schemas.flatMap((one) => Object.keys(one.properties))),
			);
			const [joined] = toItems([image], { ...shape, oneItem: true, detail });
			for (const key of Object.keys(joined?.json ?? {})) expect(page).toContain(`\`${key}\``);
		}
		// Without options the flat JSON is short enough for a table.
		const [plain] = toItems([{ ...image, link: undefined, file: undefined, facts }], shape);
		expect(Object.keys(plain?.json ?? {}).length).toBeLessThanOrEqual(10);
	});

	it('has the fields of a failure that are named', async () => {
		simulator.api.misbehave(
			{ code: 'moderation_blocked' },
			{ code: 'invalid_value' },
			{ garbage: 'urlOnly' },
		);
		const { items } = await simulator.run({
			parameters: {
				prompt: 'A fox',
				n: '={{ $itemIndex === 3 ? 9 : 1 }}',
				options: { requestsInParallel: 1, maxCost: 1 },
			},
			items: Array.from({ length: 4 }, () => ({ json: {} })),
			node: { onError: 'continueRegularOutput' },
		});
		const keys = items.flatMap(({ json }) =>
			Object.keys(isRecord(json.details) ? json.details : {}),
		);
		expect(unique(marked(table('output', 'Failed items'), '`'))).toEqual(unique(keys));
	});
});

it('the items about batches have the fields that are named', () => {
	const metadata = {
		name: 'Autumn',
		manifest: 'file-d',
		fingerprint: 'a',
		content: 'b',
		part: '1/2',
		workflow: '1',
		execution: '2',
	};
	const endpoint = '/v1/images/generations';
	const batch = {
		id: 'batch_a',
		status: 'failed',
		endpoint,
		createdAt: 1,
		expiresAt: 2,
		finishedAt: 3,
		inputFileId: 'file-a',
		outputFileId: 'file-b',
		errorFileId: 'file-c',
		model: 'a-model',
		counts: { total: 1, completed: 0, failed: 1 },
		metadata: toMetadata(metadata),
		usage: {},
		errors: [{ code: 'a', line: 1, message: 'b', param: 'c' }],
	} satisfies Batch;
	const redactor = new Redactor([]);
	const state = describeBatch(batch, redactor);
	const ofErrors = Object.keys(Array.isArray(state.errors) ? Object(state.errors[0]) : {});
	const named = unique(marked(table('batches', 'State of a batch'), '`'));
	expect(named).toEqual(unique(Object.keys(state)));
	const told = marked(table('batches', 'State of a batch'), '`', 1);
	expect(unique(told)).toEqual(unique(ofErrors));
	const part = { index: 0, model: 'a-model', endpoint, requests: [] } satisfies BatchPart;
	const submitted = describeSubmitted({ part, batch, takenOver: 'sameRun' }, 1, redactor);
	const ofSubmitted = unique(marked(table('batches', 'Submit'), '`'));
	expect(ofSubmitted).toEqual(unique(Object.keys(submitted)));
});

describe('the messages', () => {
	const rows = table('errors', 'Messages');
	const source = read('nodes/GptImage/errors/advice.ts');
	const messages = [...source.matchAll(/\tmessage: (?:'([^']+)'|"([^"]+)")/g)].map(
		([, single, double]) => single ?? double ?? '',
	);

	/** Failures of every kind, as they come from the API, the network and n8n. */
	const failures: FailureDetails[] = [
		...[400, 401, 403, 404, 405, 407, 408, 409, 410, 413, 418, 422, 429, 500, 502, 503, 504].map(
			(status) => apiFailure({ reason: '', status }),
		),
		apiFailure({ status: 429, reason: 'Limit 5, Requested 10.' }),
		apiFailure({ reason: 'no' }),
		apiFailure({ reason: 'Too much', code: 'token_limit_exceeded' }),
		...Object.values(FAULT_TABLE).map(({ status, code, type, message }) =>
			apiFailure({ reason: message, status, type, ...(code !== null && { code }) }),
		),
		apiFailure({ status: 403, reason: 'Your usage tier does not include this model.' }),
		apiFailure({ status: 403, reason: 'This project is not in the GIF preview.' }),
		{ kind: 'connection', reason: '', code: 'ECONNRESET' },
		{ kind: 'connection', reason: '', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
		...(
			['input', 'answer', 'interrupted', 'timeout', 'store', 'call', 'unmade', 'lost'] as const
		).map((kind) => ({
			kind,
			reason: '',
		})),
		{ kind: 'answer', reason: '', links: ['https://example.com/1'] },
		{ kind: 'redirect', reason: '', status: 307 },
		{ kind: 'budget', reason: '', code: 'budget_reached', budget: { spent: 0, limit: 1 } },
	];

	it('are those of the node', () => {
		expect(messages.length).toBeGreaterThan(20);
		expect(rows.map(([message]) => message).sort()).toEqual(unique(messages));
		expect(unique(failures.map((failure) => adviseOn(failure).message))).toEqual(unique(messages));
	});

	it.each(rows)('%s: whether the node asks again', (message, _meaning, _remedy, told = '') => {
		const retries = failures
			.filter((failure) => adviseOn(failure).message === message)
			.map((failure) => isRetried(new RequestFailure(failure)));
		const answer = retries.every((retry) => retry) ? 'Yes' : 'No';
		expect(/^\w+/.exec(told)?.[0]).toBe(new Set(retries).size > 1 ? 'Sometimes' : answer);
	});
});

/** At once after it was sent, before an answer has begun. */
function isRetried(failure: RequestFailure): boolean {
	const billing = billingOf({ failure, hasAnswer: false, hasImage: false, sentMs: 0 });
	return retryDecision(failure, billing, 0, 0).retry;
}

describe.each(pages)('%s', (page) => {
	const text = read(page);
	const prose = text.replace(/```[\s\S]*?```/g, '');

	it('names only scripts that exist', () => {
		const { scripts } = jsonParse<{ scripts: object }>(read('package.json'));
		const named = [...text.matchAll(/npm (?:run )?(test\b|(?<=run )[\w:]+)/g)].map(
			([, script = '']) => script,
		);
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});

	it('names only files that exist', () => {
		const named = [...prose.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)].map(([, file = '']) => file);
		const folders = ['', 'nodes/GptImage', 'test'];
		const exists = (file: string) =>
			folders.some((folder) => fs.existsSync(path.join(repositoryRoot, folder, file)));
		const made = /^(dist|demo-output|image|gpt|bench\/results)/;
		expect(named.filter((file) => !made.test(file) && !exists(file))).toEqual([]);
	});

	it('names no machine and no registry', () => {
		const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => host);
		const known = [
			'api.openai.com',
			'my-resource.openai.azure.com',
			'keepachangelog.com',
			'semver.org',
			'docs.n8n.io',
			'platform.openai.com',
			'github.com',
		];
		expect(unique(hosts).filter((host) => !known.includes(host))).toEqual([]);
		expect(text).not.toMatch(
			/(^|[\s`("'])\/(work|home|root|tmp|Users|var|opt)\b|registry\.|localhost/m,
		);
	});
});

it('SECURITY.md tells every bound as it is', () => {
	const [, section = ''] = read('SECURITY.md').split('## What is bounded');
	const told = [...section.matchAll(/\| ([^|`]+) \(`(\w+)`\)/g)].map(
		([, bound = '', name = '']) => [name, bound],
	);
	const KB = 1024;
	const inWords = (name: string, value: number) => {
		const number = value.toLocaleString('en');
		if (/Bytes$/.test(name)) {
			if (value % (KB * KB) === 0) return `${value / KB / KB} MB`;
			return value % KB === 0 ? `${value / KB} KB` : `${number} bytes`;
		}
		if (/Characters$/.test(name)) return `${number} characters`;
		return /Ms$/.test(name) ? `${value / 1000} seconds` : number;
	};
	const bounds = Object.entries(BOUNDS).map(([name, value]) => [name, inWords(name, value)]);
	expect(told.sort()).toEqual(bounds.sort());
});

describe('the README', () => {
	const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

	it('can be read in one go', () => {
		expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(180);
	});

	it('has the sections that n8n asks for, in the order of need', () => {
		const wanted = ['Installation', 'Credentials', 'Usage', 'Operations', 'Cost', 'Limits'];
		const last = ['Compatibility', 'Resources', 'Version history'];
		const found = headings.filter((heading) => [...wanted, ...last].includes(heading ?? ''));
		expect(found).toEqual([...wanted, ...last]);
		expect(readme.split('## Resources')[1]).toContain('](https://docs.n8n.io/');
		expect(readme.split('## Version history')[1]).toContain('](CHANGELOG.md)');
	});

	it('leads to every page for users, CONTRIBUTING.md to the others', () => {
		const forContributors = ['docs/demo-video.md'];
		const isMissing = (page: string) =>
			!(forContributors.includes(page) ? read('CONTRIBUTING.md') : readme).includes(`](${page})`);
		expect(docs.filter(isMissing)).toEqual([]);
	});

	it('names every operation', () => {
		const [, section = ''] = readme.split('## Operations');
		const names = panel.filter(({ name }) => name === 'operation').flatMap(choicesOf);
		expect(names.filter(({ name }) => !section.includes(`**${name}**`))).toEqual([]);
	});
});

it('every script that is to be called is in the README', () => {
	const { scripts } = jsonParse<{ scripts: Record<string, string> }>(read('package.json'));
	const called = Object.keys(scripts).filter((name) => !/^(pre|post)/.test(name));
	const told = (name: string) =>
		readme.includes(name === 'test' ? '`npm test`' : `npm run ${name}`);
	expect(called.filter((name) => !told(name))).toEqual([]);
});

it('every example is in the README', () => {
	const files = fs.readdirSync(path.join(repositoryRoot, 'examples'));
	expect(files.filter((file) => !readme.includes(`(examples/${file})`))).toEqual([]);
});

it('the changelog has the version of the package', () => {
	const { version } = jsonParse<{ version: string }>(read('package.json'));
	const [, newest] = /^## \[?(\d+\.\d+\.\d+)/m.exec(read('CHANGELOG.md')) ?? [];
	expect(newest).toBe(version);
});

it('the commands at the top work in a fresh clone: npm runs what installs first', () => {
	const { scripts } = jsonParse<{ scripts: Record<string, string> }>(read('package.json'));
	const isSkipped = /^ignore-scripts *= *true/m.test(read('.npmrc'));
	for (const name of ['test', 'demo']) {
		const own = (scripts[name] ?? '').replace('npm run setup', scripts.setup ?? '');
		const steps = isSkipped ? [own] : [scripts[`pre${name}`], own];
		expect(steps.join(' && ')).toMatch(/scripts\/install\.mjs.*npm run build.*(jest|tsx)/);
	}
});
