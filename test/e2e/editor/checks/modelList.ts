import { jsonParse } from 'n8n-workflow';

import { familyOf } from '../../../../nodes/GptImage/models/catalogue';
import { modelName } from '../../../../nodes/GptImage/models/modelName';
import { assert } from '../../../node';
import type { Simulator } from '../../../simulator';
import { simulatorCredential } from '../../rig';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

/** What the API tells of a model. */
interface ListedModel {
	id: string;
	shutdown_date?: string | null;
}

/** The list of the Model field. */
export async function checkModelList(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	const { simulator, rest } = rig;
	const wrong = { url: simulator.url, apiKey: 'sk-wrong' };
	const credentials = { openAiImagesApi: await simulatorCredential(rest, wrong, 'Wrong key') };
	await openWorkflow(scene, 'Panel: model list', [
		start,
		freshNode(scene, 'Generate'),
		freshNode(scene, 'Wrong Key', {}, { credentials }),
	]);
	const models = (await modelsOf(simulator)).filter(({ id }) => id.includes('image'));
	const dated = models.filter((model) => model.shutdown_date);
	await e2e.check(
		'the model list has the image models of the key, the chosen one first',
		async () => {
			const panel = await editor.openPanel('Generate');
			await panel.model.open();
			await settles(async () => (await panel.model.names()).sort(), models.map(labelOf).sort());
			assert.equal((await panel.model.names())[0], labelOf({ id: 'gpt-image-2' }));
		},
	);
	const shutdowns = 'the list tells when models shut down';
	if (dated.length === 0) e2e.notRun(shutdowns, 'no model of the simulator has a date any more');
	else {
		await e2e.check(shutdowns, async () => {
			const told = (await editor.panel.model.names()).filter((name) => name.includes('shuts down'));
			assert.deepEqual(told.sort(), dated.map(labelOf).sort());
		});
	}
	await e2e.check('a search narrows the list, and what is chosen stands in the field', async () => {
		const { model } = editor.panel;
		await model.search('2.6');
		// The chosen one stays on top.
		const newer = ['gpt-image-2.6-flare', 'gpt-image-2.6-sunburst'].map((id) => labelOf({ id }));
		const found = ['gpt-image-2', ...newer];
		await settles(async () => await model.names(), found);
		const newest = labelOf({ id: 'gpt-image-2.6-sunburst' });
		await model.choose(newest);
		await settles(async () => await model.value(), newest);
	});
	await e2e.check('with a wrong key the list says so, and leads to the credential', async () => {
		const { model } = await editor.openPanel('Wrong Key');
		await model.open();
		const text = await model.error();
		assert.match(text, /The API key was not accepted/);
		assert.match(text, /Incorrect API key provided/);
		assert.match(text, /Check your credential/);
		assert.ok(!text.includes('sk-wrong'), text);
	});
}

/** What the simulator lists, asked as any client would. */
async function modelsOf({ url, apiKey }: Simulator): Promise<ListedModel[]> {
	const headers = { authorization: `Bearer ${apiKey}` };
	const response = await fetch(`${url}/models`, { headers });
	return jsonParse<{ data: ListedModel[] }>(await response.text()).data;
}

const labelOf = ({ id, shutdown_date: date }: ListedModel) =>
	modelName(id, familyOf(id), date ?? undefined);
