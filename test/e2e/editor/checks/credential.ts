import { assert } from '../../../node';
import { CredentialForm } from '../credentialForm';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

const OPENAI = 'OpenAI or Compatible Gateway';
const MORE = 'Azure, Gateway or Organization';
const AZURE = 'Azure OpenAI (v1 API)';
/** n8n's own field, below those of every credential. */
const DOMAINS = 'Allowed HTTP Request Domains';
const GATEWAY = ['Extra Header Name', 'Extra Header Value', DOMAINS];

/** The window of the credential. */
export async function checkCredential(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	const { simulator } = rig;
	await openWorkflow(scene, 'Credential', [start, freshNode(scene, 'Generate')]);
	const panel = await editor.openPanel('Generate');
	const form = await CredentialForm.add(editor.page);
	await e2e.check('the credential asks for a key, and for the rest on demand', async () => {
		await settles(async () => await form.labels(), ['API Key *', MORE, DOMAINS]);
		await form.flip('hasMore');
		await form.field('kind').waitFor();
	});
	await e2e.check('then it asks for what OpenAI and gateways need', async () => {
		assert.equal(await form.kind.value(), OPENAI);
		await settles(
			async () => await form.labels(),
			['API Key *', MORE, 'Kind', 'Base URL', 'Organization ID', 'Project ID', ...GATEWAY],
		);
		assert.equal(await form.shown('baseUrl'), 'https://api.openai.com/v1');
	});
	await e2e.check('for Azure it asks for what Azure needs, with no address of OpenAI', async () => {
		await form.kind.choose(AZURE);
		await settles(
			async () => (await form.labels()).filter((label) => !GATEWAY.includes(label)),
			['API Key *', MORE, 'Kind', 'Base URL *'],
		);
		const values = await Promise.all([form.value('kind'), form.value('baseUrl')]);
		assert.deepEqual(values, [AZURE, '']);
	});
	await e2e.check('a wrong key is refused in words that help', async () => {
		await form.kind.choose(OPENAI);
		await form.fill('apiKey', 'sk-wrong');
		await form.fill('baseUrl', simulator.url);
		await form.save();
		assert.match(await form.failure(), /The API key was not accepted\. Copy it again/);
	});
	await e2e.check('a right key is taken and chosen in the node', async () => {
		await form.fill('apiKey', simulator.apiKey);
		await form.save();
		await form.closed();
		const name = /^OpenAI Images account/;
		await settles(async () => name.test(await panel.credential()), true);
	});
}
