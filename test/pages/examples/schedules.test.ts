import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { readBinary, readWorkflow, storedFiles } from '../../harness';
import { fs, path } from '../../node';
import { startService, type Answer, type Service } from './service';
import {
	example,
	expectFiles,
	imageItem,
	temporaryLink,
	useExamples,
	withFolder,
	writesTo,
} from './support';
import { named } from '../../support/fileNames';

const examples = useExamples();

describe('schedule-generate-to-disk', () => {
	const start = async (target: string) =>
		await examples.run('schedule-generate-to-disk', {
			parameters: { 'Check Folder': writesTo(target), 'Write Images': writesTo(target) },
		});

	it('writes two WebP files, and when it ran', async () => {
		await withFolder(async (target) => {
			const { run, items } = await start(target);
			const names = ['poster-2026-11-22_1.webp', 'poster-2026-11-22_2.webp'];
			expect(run.status).toBe('success');
			expect(examples.bodies()).toEqual([
				[
					'/v1/images/generations',
					{
						model: 'gpt-image-2',
						prompt: 'A cheerful poster that says "Sunday", flat colors, bold shapes',
						n: 2,
						output_format: 'webp',
						output_compression: 80,
					},
				],
			]);
			expect(items('Generate Images')).toEqual(
				names.map((name, index) => imageItem(name, 'image/webp', examples.drawn(index).length)),
			);
			const lastRun = path.join(target, 'last-run.txt');
			expect(await fs.promises.readFile(lastRun, 'utf8')).toBe('2026-11-22T09:30:00.000+00:00');
			await fs.promises.rm(lastRun);
			await expectFiles(examples, target, names);
		});
	});

	it('stores each image once', async () => {
		const before = await storedFiles();
		await withFolder(async (target) => {
			await start(target);
			// The date is a file, too.
			expect(await storedFiles()).toHaveLength(before.length + 3);
		});
	});

	it('asks for nothing when the folder is not there', async () => {
		const { run } = await start('/no/such/folder');
		expect(run.status).toBe('error');
		expect(run.data.resultData.lastNodeExecuted).toBe('Check Folder');
		expect(examples.api.requests).toEqual([]);
	});
});

describe('social-public-link', () => {
	let instagram: Service;
	let answers: Answer[];
	/** What stands behind the links it was given; it knows n8n's secret in place of its server. */
	let fetched: Buffer[];

	beforeEach(async () => {
		fetched = [];
		answers = [{ body: { id: 'container-1' } }, { body: { id: 'post-1' } }];
		instagram = await startService(async ({ body }) => {
			const { image_url: link } = { image_url: undefined, ...Object(body) };
			if (typeof link === 'string') fetched.push(await behind(link));
			return answers.shift() ?? { status: 500, body: {} };
		});
	});
	afterEach(async () => await instagram.close());

	const start = async (waitBetweenTries = 5000) => {
		const workflow = await readWorkflow(example('social-public-link'));
		const nodes = workflow.nodes.map((node) => ({
			...node,
			...(node.waitBetweenTries !== undefined && { waitBetweenTries }),
		}));
		return await examples.run(
			{ ...workflow, nodes },
			{
				otherCredentials: { facebookGraphApi: { accessToken: 'secret' } },
				parameters: { 'Create Container': { url: `${instagram.url}/v25.0/1784/media` } },
			},
		);
	};

	it('gives Instagram a link that leads to the JPEG, and publishes it', async () => {
		const { run, items } = await start();
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([
			[
				'/v1/images/generations',
				{
					model: 'gpt-image-2',
					prompt:
						'A cheerful photo of a table set for breakfast on a Sunday in November, natural light, no text',
					size: '1088x1360',
					quality: 'medium',
					output_format: 'jpeg',
				},
			],
		]);
		const [post] = items('Generate Post');
		const bytes = examples.drawn(0);
		expect(post).toEqual(
			imageItem(named('a-cheerful-photo-of-a-table-set-for', '.jpg'), 'image/jpeg', bytes.length, {
				...items('Every Morning')[0]?.json,
				size: '1088x1360',
				...temporaryLink,
			}),
		);
		expect(fetched).toEqual([bytes]);
		expect(instagram.heard).toEqual([
			{
				path: '/v25.0/1784/media?access_token=secret',
				body: { image_url: post?.json.url, caption: 'Happy Sunday! #breakfast' },
				files: [],
			},
			{
				path: '/v25.0/1784/media_publish?access_token=secret',
				body: { creation_id: 'container-1' },
				files: [],
			},
		]);
		expect(items('Publish')).toEqual([{ json: { id: 'post-1' }, pairedItem: { item: 0 } }]);
	});

	it('publishes again while Instagram still loads the image, without making another', async () => {
		const early = { error: { code: 9007, message: 'Media ID is not available' } };
		answers.splice(1, 0, { status: 400, body: early });
		const { run } = await start(1);
		expect(run.status).toBe('success');
		expect(instagram.heard.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
			'/v25.0/1784/media',
			'/v25.0/1784/media_publish',
			'/v25.0/1784/media_publish',
		]);
		expect(examples.api.requests).toHaveLength(1);
	});

	it('is set to try five times, five seconds apart', async () => {
		const { nodes } = await readWorkflow(example('social-public-link'));
		expect(nodes.filter(({ retryOnFail }) => retryOnFail)).toMatchObject([
			{ name: 'Publish', maxTries: 5, waitBetweenTries: 5000 },
		]);
	});
});

/** The file behind a signed link; throws when its token is not of this n8n, or too old. */
async function behind(link: string): Promise<Buffer> {
	const token = new URL(link).searchParams.get('token') ?? '';
	const id = Container.get(BinaryDataService).validateSignedToken(token);
	return await readBinary({ id, data: 'filesystem-v2', mimeType: '' });
}
