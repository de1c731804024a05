import { openBrowser, openTab } from '../editor/browser';
import { checkConsole } from '../editor/checks/console';
import { checkCredential } from '../editor/checks/credential';
import { checkDefaults } from '../editor/checks/defaults';
import { checkFirstImage } from '../editor/checks/firstImage';
import { checkModelList } from '../editor/checks/modelList';
import { checkModels } from '../editor/checks/models';
import { checkNodeCreator } from '../editor/checks/nodeCreator';
import { checkOptions } from '../editor/checks/options';
import { checkOutput } from '../editor/checks/output';
import { checkPictures } from '../editor/checks/pictures';
import { checkValidation } from '../editor/checks/validation';
import { Editor } from '../editor/editor';
import type { Scene } from '../editor/scene';
import type { Part } from '../part';

const CHECKS: Array<(scene: Scene) => Promise<void>> = [
	checkNodeCreator,
	checkDefaults,
	checkModels,
	checkOptions,
	checkModelList,
	checkCredential,
	checkValidation,
	checkOutput,
	checkPictures,
	// It deletes the credentials of the others.
	checkFirstImage,
];

/** The node in n8n's editor, in a real browser. */
export const editor: Part = {
	name: 'editor',
	needs: ['chromium'],
	run: async (e2e) => {
		const rig = await e2e.rig();
		const browser = await openBrowser();
		e2e.defer(async () => await browser.close());
		const { page, problems } = await openTab(browser);
		const scene = { e2e, rig, editor: new Editor(page, rig.n8n.url) };
		await scene.editor.signIn();
		for (const check of CHECKS) await check(scene);
		await checkConsole(e2e, problems);
	},
};
