import { assert } from '../../../node';
import { openExample, pictureProblem, readExamples, takeExamplePicture } from '../examples';
import { GALLERY, takeGallery } from '../gallery';
import { arePicturesWanted, listPictures, MAX_BYTES } from '../pictures';
import type { Scene } from '../scene';

/** Pictures that a script of `scripts/pictures/` draws. */
const DRAWN = ['keep-the-rest'];

/** The examples on the canvas, and the pictures of the pages. */
export async function checkPictures(scene: Scene): Promise<void> {
	const { e2e } = scene;
	const examples = await readExamples();
	for (const example of examples) {
		await e2e.check(`the example ${example.name} opens, and nothing in it is marked`, async () => {
			await openExample(scene, example);
			assert.equal(await scene.editor.page.getByTestId('node-issues').count(), 0);
			if (arePicturesWanted()) await takeExamplePicture(scene, example);
		});
	}
	if (arePicturesWanted()) {
		await e2e.check('the pictures of the panel are taken', () => takeGallery(scene));
	}
	await e2e.check('every example has a picture that shows it as it is', async () => {
		const problems = await Promise.all(examples.map(pictureProblem));
		assert.deepEqual(problems.filter(Boolean), []);
	});
	await e2e.check('no picture is missing, left over or too heavy', async () => {
		const pictures = await listPictures();
		const names = [...GALLERY, ...DRAWN, ...examples.map(({ name }) => `examples/${name}`)];
		assert.deepEqual([...pictures.keys()].sort(), names.sort());
		const heavy = [...pictures].filter(([, bytes]) => bytes > MAX_BYTES);
		assert.deepEqual(heavy, [], `heavier than ${MAX_BYTES} bytes`);
	});
}
