import { assert, fs, path } from '../../node';
import { Editor } from '../editor/editor';
import { itemsOf, type Execution } from '../workflows';
import { hashOf } from './agentChat';
import { imagesIn, openPage, pageWith, submitIn } from './examplesBrowser';
import type { Scene } from './examplesScene';

/** Lines become images until the budget is used up. */
export async function bulk(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'bulk-with-budget';
	const workflow = await scene.import(name);
	await scene.published(workflow, async () => {
		await e2e.check(
			`${name}: the last page shows what the budget allows, and the rest`,
			async () => {
				const page = await openPage(e2e);
				const execution = await scene.executionOf(workflow, async () => {
					// The form has six lines and a budget in it.
					await submitIn(page, scene, workflow, {});
					await page.waitForURL(/form-waiting/);
				});
				succeeds(execution);
				const rows = itemsOf(execution, 'One Item per Row').map(({ json }) => String(json.prompt));
				const made = itemsOf(execution, 'Generate Images').filter(({ json }) => json.url);
				const spent = made.reduce((sum, { json }) => sum + Number(json.cost), 0);
				assert.equal(rows.length, 6);
				assert.ok(made.length > 0 && made.length < rows.length, `${made.length} images`);
				assert.ok(spent > 0 && spent <= 0.25, `$${spent}`);
				const title = `${made.length} of 6 images for $${spent.toFixed(2)}`;
				const text = await pageWith(page, title);
				for (const prompt of rows.slice(made.length)) {
					assert.ok(text.includes(`${prompt}: The budget of this run is reached.`), text);
				}
				assert.deepEqual(
					await imagesIn(page),
					rows.slice(0, made.length).map((prompt, index) => ({
						name: `${index + 1}-${prompt}.png`,
						sha256: rig.simulator.images.find((image) => image.prompt === prompt)?.sha256,
					})),
				);
				e2e.note(`${made.length} of ${rows.length} images for $${spent.toFixed(4)} of $0.25`);
			},
		);
	});
}

/** Slides have the first and the previous one as references. */
export async function carousel(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'carousel-three-nodes';
	const workflow = await scene.import(name);
	const slides = workflow.pinData?.Slides ?? [];
	await e2e.check(`${name}: each slide is drawn with the first and the previous one`, async () => {
		succeeds(await scene.run(workflow, 'Slides'));
		const { requests, images } = rig.simulator;
		assert.equal(slides.length, 5);
		const prompts = slides.map(({ json }) => String(json.scene));
		assert.equal(images.length, prompts.length);
		for (const [index, prompt] of prompts.entries()) {
			assert.ok(images[index]?.prompt.includes(prompt), images[index]?.prompt);
		}
		assert.deepEqual(
			requests.map(({ path: url, files }) => [url, ...files.map(({ sha256 }) => sha256)]),
			[[], [0], [0, 1], [0, 2], [0, 3]].map((earlier) => [
				earlier.length > 0 ? '/v1/images/edits' : '/v1/images/generations',
				...earlier.map((index) => images[index]?.sha256),
			]),
		);
	});
	await e2e.check(`${name}: the slides are shown, in order`, async () => {
		const editor = new Editor(await openPage(e2e), rig.n8n.url);
		await editor.signIn();
		await editor.open(workflow);
		await editor.execute('Show Slides');
		await editor.openPanel('Show Slides');
		const shown = editor.page.frameLocator('iframe[srcdoc]').locator('body');
		await shown.locator('img').last().waitFor();
		assert.deepEqual(
			await imagesIn(shown),
			rig.simulator.images.slice(-slides.length).map(({ sha256 }, index) => ({
				name: `slide-${index + 1}.png`,
				sha256,
			})),
		);
	});
}

/** Posters in a folder, as the schedule makes them. */
export async function morningFiles(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'schedule-generate-to-disk';
	const workflow = await scene.import(name);
	await e2e.check(`${name}: without the folder nothing is asked for`, async () => {
		fs.rmSync(scene.files, { recursive: true });
		const { status, data } = await scene.run(workflow, 'Every Morning');
		fs.mkdirSync(scene.files);
		assert.deepEqual([status, data.resultData.lastNodeExecuted], ['error', 'Check Folder']);
		assert.equal(rig.simulator.requests.length, 0);
	});
	await e2e.check(`${name}: two posters are in the folder`, async () => {
		succeeds(await scene.run(workflow, 'Every Morning'));
		const found = filesOf(scene).filter((file) => file !== 'last-run.txt');
		assert.equal(found.length, 2);
		for (const file of found) assert.match(file, /^poster-\d{4}-\d\d-\d\d.*\.webp$/);
		assert.deepEqual(
			found.map((file) => hashOf(fileAt(scene, file))).sort(),
			rig.simulator.images.map(({ sha256 }) => sha256).sort(),
		);
	});
}

function succeeds(execution: Execution): Execution {
	const { error } = execution.data.resultData;
	assert.equal(execution.status, 'success', error?.message);
	return execution;
}

/** The names of what is in the folder, sorted. */
const filesOf = ({ files }: Scene) => fs.readdirSync(files).sort();

const fileAt = ({ files }: Scene, name: string) => fs.readFileSync(path.join(files, name));
