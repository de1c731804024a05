import sharp from 'sharp';

import { assert } from '../../node';
import { submitForm } from '../form';
import type { CreatedWorkflow } from '../workflows';
import { hashOf } from './agentChat';
import { imagesIn, openPage, pageWith, submitIn, type Upload } from './examplesBrowser';
import { addressOf } from './examplesPages';
import type { Scene } from './examplesScene';

/** Forms with photos: one with a mask, one for several photos. */
export async function photoForms(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const masked = await scene.import('form-edit-with-mask');
	await scene.published(masked, async () => {
		await e2e.check('form-edit-with-mask: the form gives the edited image back', async () => {
			const photo = await pictureFile('photo.png', 'teal');
			const mask = await pictureFile('mask.png', '#00000000');
			const entries = { Photo: photo, Mask: mask, Instruction: 'Put a boat on the lake' };
			const downloads = await submitForm(addressOf(scene, masked), entries);
			assert.equal(downloads.length, 1);
			assert.deepEqual(
				downloads.map(({ fileName, type, bytes }) => [fileName, type, hashOf(bytes)]),
				rig.simulator.images.map(({ sha256 }) => ['edited.png', 'image/png', sha256]),
			);
			assert.deepEqual(sentFiles(scene), [
				['image', 'photo.png', await hashOfFile(photo)],
				['mask', 'mask.png', await hashOfFile(mask)],
			]);
		});
	});
	rig.simulator.reset();
	const photos = await scene.import('product-photos');
	await scene.published(photos, async () => {
		await e2e.check(
			'product-photos: each photo is edited and shown, one that is none is named',
			() => editsPhotos(scene, photos),
		);
	});
}

async function editsPhotos(scene: Scene, workflow: CreatedWorkflow): Promise<void> {
	const { simulator } = scene.rig;
	const good = [await pictureFile('cup.png', 'teal'), await pictureFile('jug.png', 'navy')];
	const bad = new File(['This is no picture.'], 'notes.png', { type: 'image/png' });
	const page = await openPage(scene.e2e);
	const { status } = await scene.executionOf(workflow, async () => {
		const Photos = await Promise.all([...good, bad].map(uploadOf));
		await submitIn(page, scene, workflow, { Photos, Background: 'A pale stone table' });
		const text = await pageWith(page, '2 of 3 photos are ready');
		assert.match(text, /^notes\.png: Input data field "Photos_\d" is not a picture\. /m);
		const shown = await imagesIn(page);
		assert.deepEqual(shown.map(({ name }) => name).sort(), ['cup-new.png', 'jug-new.png']);
		assert.deepEqual(
			shown.map(({ sha256 }) => sha256).sort(),
			simulator.images.map(({ sha256 }) => sha256).sort(),
		);
	});
	assert.equal(status, 'success');
	const sent = sentFiles(scene).filter(([field]) => field === 'image');
	const chosen = await Promise.all(
		good.map(async (file) => ['image', file.name, await hashOfFile(file)]),
	);
	assert.deepEqual(sent.sort(), chosen);
	assert.equal(simulator.requests.filter(({ files }) => files.length === 2).length, 2, 'masks');
}

async function uploadOf(file: File): Promise<Upload> {
	const buffer = Buffer.from(await file.arrayBuffer());
	return { name: file.name, mimeType: file.type, buffer };
}

/** Field, name and checksum of the files that the API got. */
const sentFiles = ({ rig }: Scene) =>
	rig.simulator.requests.flatMap(({ files }) =>
		files.map(({ field, filename, sha256 }) => [field, filename, sha256]),
	);

const hashOfFile = async (file: File) => hashOf(Buffer.from(await file.arrayBuffer()));

async function pictureFile(name: string, background: string): Promise<File> {
	const create = { width: 256, height: 192, channels: 4, background } as const;
	return new File([await sharp({ create }).png().toBuffer()], name, { type: 'image/png' });
}
