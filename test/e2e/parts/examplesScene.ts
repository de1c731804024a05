import { fs, path } from '../../node';
import type { E2e } from '../part';
import type { Rig } from '../rig';
import { startChatModel, type ChatModel } from '../servers/chatModel';
import { startSocial, type Social } from '../servers/social';
import { startTelegram, type Telegram } from '../servers/telegram';
import { until } from '../wait';
import type { CreatedWorkflow, Execution } from '../workflows';
import { readExample, type Choices, type ExampleJson, type Imported } from './examplesImport';

/** How long n8n may take to publish, or to begin or end an execution. */
const PATIENCE_MS = 60_000;

/** An n8n with the examples, and the services that they talk to on this machine. */
export class Scene {
	/** Examples that are imported, by name. */
	private readonly imported = new Map<string, Imported>();

	private constructor(
		readonly e2e: E2e,
		readonly rig: Rig,
		readonly model: ChatModel,
		readonly telegram: Telegram,
		readonly social: Social,
		private readonly choices: Choices,
	) {}

	/** Starts the services, until the end of the part. */
	static async open(e2e: E2e): Promise<Scene> {
		const rig = await e2e.rig();
		const model = await startChatModel();
		e2e.defer(model.stop);
		const telegram = await startTelegram();
		e2e.defer(telegram.stop);
		const social = await startSocial();
		e2e.defer(social.stop);
		// The one folder that n8n lets nodes write to by itself.
		const files = path.join(rig.n8n.userFolder, '.n8n-files');
		await fs.promises.mkdir(files, { recursive: true });
		const create = async (name: string, type: string, data: object) =>
			await rig.rest.createCredential(name, type, data);
		const credentials = {
			openAiImagesApi: rig.credential,
			openAiApi: await create('Chat model', 'openAiApi', { url: model.url, apiKey: model.apiKey }),
			telegramApi: await create('Telegram', 'telegramApi', {
				accessToken: telegram.accessToken,
				baseUrl: telegram.url,
			}),
			facebookGraphApi: await create('Social', 'facebookGraphApi', {
				accessToken: social.accessToken,
			}),
		};
		return new Scene(e2e, rig, model, telegram, social, { credentials, files });
	}

	/** The folder that the examples write to. */
	get files(): string {
		return this.choices.files;
	}

	/** An example, with credentials and folder chosen. */
	async read(name: string): Promise<ExampleJson> {
		return await readExample(name, this.choices);
	}

	/** Imports an example, the first time it is asked for. */
	async import(name: string): Promise<Imported> {
		const present = this.imported.get(name);
		if (present) return present;
		const example = await this.read(name);
		const created: Imported = await this.rig.rest.createWorkflow(example);
		this.imported.set(name, created);
		return created;
	}

	/** Runs `use` while a workflow is published. @throws what `use` throws, or that a trigger is not registered */
	async published<T>(workflow: CreatedWorkflow, use: () => T | Promise<T>): Promise<T> {
		const { rest } = this.rig;
		const unpublish = async () => {
			await rest.deactivate(workflow);
			await until('it is published no more', PATIENCE_MS, async () => {
				const path = `/rest/workflows/${workflow.id}/publication-status`;
				return (await rest.send<{ status: string }>('GET', path)).status === 'not_published';
			});
		};
		return await rest.activate(workflow).then(use).finally(unpublish);
	}

	/** Starts a workflow at its trigger as the button of the editor does, and waits for its end. */
	async run(workflow: CreatedWorkflow, trigger: string): Promise<Execution> {
		const { rest } = this.rig;
		return await rest.executionEnd(await rest.execute(workflow, trigger));
	}

	/** What `start` has a published workflow do: waits for the execution's beginning and end. */
	async executionOf({ id }: CreatedWorkflow, start: () => Promise<unknown>): Promise<Execution> {
		const { rest } = this.rig;
		const before = await rest.executionsOf(id);
		await start();
		const begun = await until('it is executed', PATIENCE_MS, async () =>
			(await rest.executionsOf(id)).find((execution) => !before.includes(execution)),
		);
		return await rest.executionEnd(begun);
	}
}
