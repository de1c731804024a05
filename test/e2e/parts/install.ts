import { jsonParse, type ICredentialType, type INodeTypeDescription } from 'n8n-workflow';

import { OpenAiImagesApi } from '../../../credentials/OpenAiImagesApi.credentials';
import { assert, fs, path, repositoryRoot } from '../../node';
import type { Part } from '../part';
import { simulatorCredential, type Rig } from '../rig';

const NAME = 'n8n-nodes-gpt-image';
const CREDENTIAL = 'openAiImagesApi';

const read = (file: string) => fs.readFileSync(path.join(repositoryRoot, file), 'utf8');
const { version } = jsonParse<{ version: string }>(read('package.json'));

/** The packed package in a real n8n: what it lists, serves, logs and says about keys. */
export const install: Part = {
	name: 'install',
	run: async (e2e) => {
		const rig = await e2e.rig();
		const { n8n, rest } = rig;
		const { folder, version: n8nVersion } = await e2e.host();
		const log = n8n.log();
		e2e.note(`n8n ready after ${(n8n.readyMs / 1000).toFixed(1)} s on a fresh folder`);
		const nodeTypes = await rest.nodeTypes();
		const credentialTypes = await rest.credentialTypes();
		const ours = nodeTypes
			.filter(({ name }) => name.startsWith(`${NAME}.`))
			.sort((a, b) => a.name.localeCompare(b.name));

		await e2e.check(
			'n8n lists the node, its tool variant and the trigger, in the version installed',
			() => {
				const told = ours.map((type) => [
					type.name,
					type.displayName,
					type.version,
					versionOf(type),
				]);
				assert.deepEqual(told, [
					[`${NAME}.gptImage`, 'GPT Image', 1, version],
					[`${NAME}.gptImageTool`, 'GPT Image Tool', 1, version],
					[`${NAME}.gptImageTrigger`, 'GPT Image Trigger', 1, version],
				]);
				assert.deepEqual(
					ours.map(({ outputs }) => outputs),
					[['main'], ['ai_tool'], ['main']],
				);
			},
		);
		await e2e.check('n8n lists the credential type, for both nodes', () => {
			const type = credentialTypes.find(({ name }) => name === CREDENTIAL);
			assert.equal(type?.displayName, 'OpenAI Images API');
			assert.deepEqual([...(type?.supportedNodes ?? [])].sort(), [
				`${NAME}.gptImage`,
				`${NAME}.gptImageTrigger`,
			]);
		});
		await e2e.check('n8n serves the icons of all four, light and dark', async () => {
			const types = [...ours, ...credentialTypes.filter(({ name }) => name === CREDENTIAL)];
			assert.equal(types.length, 4);
			for (const type of types) await servesIcons(rig, type);
		});
		await e2e.check('n8n logs nothing about the package while it starts', () => {
			assert.deepEqual(linesAbout(log, [folder, n8n.userFolder]), []);
		});
		await e2e.check('the test of a credential with the right key succeeds', async () => {
			const result = await rest.testCredential(CREDENTIAL, rig.credential);
			assert.deepEqual(result, { status: 'OK', message: 'Connection successful!' });
		});
		const words = n8nVersion === '1.123' ? N8N_1_WORDS : ourWords();
		await e2e.check('with a wrong key it fails in words that say so', async () => {
			await failsWith(rig, { url: rig.simulator.url, apiKey: 'sk-wrong' }, words.get(401));
		});
		await e2e.check('with a wrong Base URL it fails in words that say so', async () => {
			const { url, apiKey } = rig.simulator;
			await failsWith(rig, { url: `${url}/wrong`, apiKey }, words.get(404));
		});
	},
};

/** The version of the package, which the editor shows. */
function versionOf(type: INodeTypeDescription): unknown {
	return 'communityNodePackageVersion' in type ? type.communityNodePackageVersion : undefined;
}

async function servesIcons({ rest }: Rig, type: INodeTypeDescription | ICredentialType) {
	const { iconUrl } = type;
	assert.ok(typeof iconUrl === 'object', `${type.name} has a light and a dark icon`);
	for (const [theme, url] of Object.entries(iconUrl)) {
		const response = await rest.fetch(`/${url}`);
		assert.match(response.headers.get('content-type') ?? '', /^image\/svg\+xml/, url);
		const file = theme === 'dark' ? 'gptImage.dark.svg' : 'gptImage.svg';
		assert.equal(await response.text(), read(`icons/${file}`));
	}
}

/** Lines of a log that name the package, its node or its credential, or say that packages are missing. */
function linesAbout(log: string, folders: string[]): string[] {
	// The names of these folders do not count: the cache has the name of the package, too.
	const text = folders.reduce((rest, folder) => rest.replaceAll(folder, ''), log);
	return text.split('\n').filter((line) => /gpt-?image|openai|packages are missing/i.test(line));
}

/** n8n 1.123 shows words of its own in place of the credential's. */
const N8N_1_WORDS = new Map<unknown, string>([
	[401, 'Authorization failed - please check your credentials'],
	[404, 'The resource you are requesting could not be found'],
]);

/** What the credential has n8n say, by the status of the answer. */
function ourWords(): Map<unknown, string> {
	const { rules = [] } = new OpenAiImagesApi().test;
	return new Map(rules.map(({ properties }) => [properties.value, properties.message]));
}

async function failsWith(
	{ rest }: Rig,
	api: { url: string; apiKey: string },
	message: string | undefined,
): Promise<void> {
	assert.ok(message);
	const credential = await simulatorCredential(rest, api, 'Wrong');
	const result = await rest.testCredential(CREDENTIAL, credential);
	assert.deepEqual(result, { status: 'Error', message });
}
