import {
	jsonParse,
	type ICredentialType,
	type INodeTypeDescription,
	type IRunExecutionData,
} from 'n8n-workflow';

import { fromFlatted } from './flatted';
import { until } from './wait';
import type {
	CreatedWorkflow,
	CredentialReference,
	Execution,
	StoredExecution,
	WorkflowJson,
} from './workflows';

/** Who owns the n8n of the suite. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Test',
	lastName: 'Owner',
	passphrase: 'Local-Passw0rd',
};

/** How long n8n may take for what should take less than a second. */
const PATIENCE_MS = 60_000;

/** The REST API of an n8n as its editor uses it, with the owner logged in. */
export class Rest {
	private cookie = '';

	private constructor(readonly url: string) {}

	/** Logs the owner in, setting it up first when the n8n is new. @throws when neither is possible */
	static async open(url: string): Promise<Rest> {
		const rest = new Rest(url);
		const { passphrase: password, ...owner } = OWNER;
		const { email } = owner;
		// n8n 1 says that it is ready before it has its REST API.
		await until('the owner is logged in', PATIENCE_MS, async () => {
			return await rest
				.send('POST', '/rest/owner/setup', { ...owner, password })
				.catch(() => rest.send('POST', '/rest/login', { emailOrLdapLoginId: email, password }))
				.then(() => true)
				.catch((error: Error) => (isNotFound(error) ? false : Promise.reject(error)));
		});
		return rest;
	}

	/**
	 * Sends a request with the session, JSON in both directions.
	 * @returns `data` of the answer
	 * @throws for a status of 400 and above, with the answer's text
	 */
	async send<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await this.fetch(path, {
			method,
			headers: { 'content-type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const [session] = response.headers.getSetCookie().filter((one) => one.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';', 1).join('');
		return jsonParse<{ data: T }>(await response.text()).data;
	}

	/** Fetches an address of the n8n with the session. @throws for a status of 400 and above */
	async fetch(path: string, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		if (this.cookie) headers.set('cookie', this.cookie);
		const response = await fetch(`${this.url}${path}`, { ...init, headers });
		if (response.ok) return response;
		const text = (await response.text()).slice(0, 1000);
		throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text}`);
	}

	/** The node types that the editor can show. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return jsonParse(await (await this.fetch('/types/nodes.json')).text());
	}

	/** The credential types that the editor can show. */
	async credentialTypes(): Promise<ICredentialType[]> {
		return jsonParse(await (await this.fetch('/types/credentials.json')).text());
	}

	async createCredential(name: string, type: string, data: object): Promise<CredentialReference> {
		const { id } = await this.send<{ id: string }>('POST', '/rest/credentials', {
			name,
			type,
			data,
		});
		return { id, name };
	}

	/** Deletes every credential of a type. */
	async deleteCredentials(type: string): Promise<void> {
		const all = await this.send<Array<{ id: string; type: string }>>('GET', '/rest/credentials');
		for (const { id } of all.filter((credential) => credential.type === type)) {
			await this.send('DELETE', `/rest/credentials/${id}`);
		}
	}

	/** The button Retry of the credential's window. */
	async testCredential(type: string, { id, name }: CredentialReference) {
		const { data } = await this.send<{ data: object }>(
			'GET',
			`/rest/credentials/${id}?includeData=true`,
		);
		return await this.send<{ status: string; message: string }>('POST', '/rest/credentials/test', {
			credentials: { id, name, type, data },
		});
	}

	async createWorkflow(workflow: WorkflowJson): Promise<CreatedWorkflow> {
		return await this.send('POST', '/rest/workflows', { ...workflow, active: false });
	}

	/** Publishes a workflow and waits until its triggers are registered. @throws when one is not */
	async activate({ id, versionId }: CreatedWorkflow): Promise<void> {
		await this.send('POST', `/rest/workflows/${id}/activate`, { versionId });
		await until(`workflow ${id} is published`, PATIENCE_MS, async () => await this.isPublished(id));
	}

	async deactivate({ id }: CreatedWorkflow): Promise<void> {
		await this.send('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	private async isPublished(id: string): Promise<boolean> {
		const path = `/rest/workflows/${id}/publication-status`;
		const { status, triggers } = await this.send<PublicationStatus>('GET', path).catch(
			(error: Error) => {
				// n8n 1 has no such address: there a workflow is published when the answer comes.
				if (isNotFound(error)) return { status: 'published', triggers: [] };
				throw error;
			},
		);
		if (status === 'failed' || status === 'partial') throw new Error(JSON.stringify(triggers));
		return status === 'published';
	}

	/** Starts a workflow at one of its triggers, as the button of the editor does. @returns its execution */
	async execute(workflow: CreatedWorkflow, trigger: string): Promise<string> {
		const { executionId } = await this.send<{ executionId: string }>(
			'POST',
			`/rest/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
		);
		return executionId;
	}

	/** An execution with the data of its nodes, as far as n8n has stored it: none at its beginning. */
	async execution(id: string): Promise<Execution> {
		const { data, ...facts } = await this.send<StoredExecution>('GET', `/rest/executions/${id}`);
		const stored = fromFlatted<IRunExecutionData>(data || '[]');
		return { ...facts, data: stored ?? { resultData: { runData: {} } } };
	}

	/** The IDs of the executions of a workflow, newest first. */
	async executionsOf(workflowId: string): Promise<string[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.send<{ results: Array<{ id: string }> }>(
			'GET',
			`/rest/executions?filter=${filter}&limit=100`,
		);
		return results.map(({ id }) => id);
	}

	/** Waits until an execution is over, however it ends. @throws when it takes longer than `limitMs` */
	async executionEnd(id: string, limitMs = 120_000): Promise<Execution> {
		return await until(`execution ${id} is over`, limitMs, async () => {
			const execution = await this.execution(id);
			return OVER.includes(execution.status) && isWritten(execution) && execution;
		});
	}

	/** Stops an execution, as the button of the editor does. */
	async stopExecution(id: string): Promise<void> {
		await this.send('POST', `/rest/executions/${id}/stop`, {});
	}

	/** Stops every execution that is not over. */
	async stopAll(): Promise<void> {
		const filter = { workflowId: 'all', status: ['new', 'running', 'waiting'] };
		await this.send('POST', '/rest/executions/stopMany', { filter });
	}

	/** The bytes of a binary that n8n has stored, by its `id` in the item. */
	async binary(id: string): Promise<Buffer> {
		const query = new URLSearchParams({ id, action: 'download' });
		const response = await this.fetch(`/rest/binary-data?${query.toString()}`);
		return Buffer.from(await response.arrayBuffer());
	}
}

/** n8n 1 writes the status first, and then the data. */
const isWritten = ({ status, data }: Execution) =>
	status !== 'success' || data.resultData.lastNodeExecuted !== undefined;

const isNotFound = ({ message }: Error) => message.includes(': 404 ');

interface PublicationStatus {
	status: string;
	triggers: object[];
}

const OVER = ['success', 'error', 'canceled', 'crashed'];
