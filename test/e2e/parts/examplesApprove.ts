import type { Page } from 'playwright-core';

import { assert } from '../../node';
import type { CreatedWorkflow } from '../workflows';
import { imagesIn, openPage, pageWith, submitIn, type Shown } from './examplesBrowser';
import type { Scene } from './examplesScene';

const NAME = 'approve-before-sending';

/** A draft is shown first. */
export async function draftForm(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const workflow = await scene.import(NAME);
	const page = await openPage(e2e);
	await scene.published(workflow, async () => {
		await e2e.check(`${NAME}: after a no there is the draft only`, async () => {
			await answer(scene, workflow, page, 'No', async () => {
				await pageWith(page, 'Nothing more was made');
			});
			assert.deepEqual(requests(scene), [['/v1/images/generations', 'low', []]]);
		});
		rig.simulator.reset();
		await e2e.check(`${NAME}: after a yes the draft itself is drawn in high quality`, async () => {
			let final: Shown[] = [];
			const draft = await answer(scene, workflow, page, 'Yes', async () => {
				await pageWith(page, 'Your image is ready');
				final = await imagesIn(page);
			});
			assert.deepEqual(requests(scene), [
				['/v1/images/generations', 'low', []],
				['/v1/images/edits', 'high', draft.map(({ sha256 }) => sha256)],
			]);
			assert.deepEqual(
				[...draft, ...final].map(({ sha256 }) => sha256),
				rig.simulator.images.map(({ sha256 }) => sha256),
			);
			assert.match(final[0]?.name ?? '', /^a-red-bicycle-[0-9a-z]{8}-final\.png$/);
		});
	});
}

/** Orders an image and answers the page with its draft. @returns the draft */
async function answer(
	scene: Scene,
	workflow: CreatedWorkflow,
	page: Page,
	choice: 'Yes' | 'No',
	then: () => Promise<void>,
): Promise<Shown[]> {
	let draft: Shown[] = [];
	const { status } = await scene.executionOf(workflow, async () => {
		await submitIn(page, scene, workflow, { Prompt: 'A red bicycle' });
		await pageWith(page, 'The draft');
		draft = await imagesIn(page);
		assert.equal(draft.length, 1);
		await page.getByLabel(choice).check();
		await page.locator('#submit-btn').click();
		await then();
	});
	assert.equal(status, 'success');
	return draft;
}

/** Path, quality and pictures of each request. */
const requests = ({ rig }: Scene) =>
	rig.simulator.requests.map(({ path, json, fields, files }) => [
		path,
		Object(json ?? fields).quality,
		files.map(({ sha256 }) => sha256),
	]);
