import './environment';
import type { INodeType } from 'n8n-workflow';
import { condition } from './standIns/condition';
import { dataTable } from './standIns/dataTable';
import { set, splitOut } from './standIns/fields';
import { convertToFile, readWriteFile } from './standIns/files';
import { form } from './standIns/form';
import { html } from './standIns/html';
import { httpRequest } from './standIns/httpRequest';
import { nodeType, passOn } from './standIns/nodeType';
import { respondToWebhook } from './standIns/respondToWebhook';
import { telegram } from './standIns/telegram';
import { waitFields } from './standIns/wait';
import { triggers } from './triggers';

/**
 * n8n's own nodes that the example workflows use, by node type: small, but with the parameters,
 * the item shapes and the effects of the real ones (n8n-nodes-base 2.41.1).
 */
export const standIns: Record<string, INodeType> = {
	...Object.fromEntries(
		Object.entries(triggers).map(([type, { version }]) => [
			type,
			nodeType(type, { version, webhook: async () => ({}) }),
		]),
	),
	'n8n-nodes-base.convertToFile': convertToFile,
	'n8n-nodes-base.dataTable': dataTable,
	'n8n-nodes-base.form': form,
	'n8n-nodes-base.html': html,
	'n8n-nodes-base.httpRequest': httpRequest,
	'n8n-nodes-base.if': condition,
	'n8n-nodes-base.noOp': nodeType('noOp', { version: 1, execute: passOn }),
	'n8n-nodes-base.readWriteFile': readWriteFile,
	'n8n-nodes-base.respondToWebhook': respondToWebhook,
	'n8n-nodes-base.set': set,
	'n8n-nodes-base.splitOut': splitOut,
	'n8n-nodes-base.stickyNote': nodeType('stickyNote', { version: 1, execute: passOn }),
	'n8n-nodes-base.telegram': telegram,
	// For the tests no time passes; they move the clock of what is waited for.
	'n8n-nodes-base.wait': nodeType('wait', {
		version: 1.1,
		properties: waitFields,
		execute: passOn,
	}),
	// Parts of an agent, which never run by themselves.
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': nodeType('lmChatOpenAi', { version: 1.3 }),
	'@n8n/n8n-nodes-langchain.memoryBufferWindow': nodeType('memoryBufferWindow', { version: 1.4 }),
};
