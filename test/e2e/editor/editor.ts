import type { Locator, Page } from 'playwright-core';

import { OWNER } from '../rest';
import type { CreatedWorkflow } from '../workflows';
import { Panel } from './panel';

/** n8n's editor in a page of the browser. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** Logs the owner in. */
	async signIn(): Promise<void> {
		const { email, passphrase } = OWNER;
		await this.page.goto(`${this.url}/signin`);
		await this.page.locator('input[name="emailOrLdapLoginId"]').fill(email);
		await this.page.locator('input[name="password"]').fill(passphrase);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.waitForURL(({ pathname }) => !pathname.startsWith('/signin'));
	}

	/** Shows a workflow on the canvas. */
	async open({ id, nodes }: CreatedWorkflow): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		for (const { name, type } of nodes) {
			if (!type.endsWith('.stickyNote')) await this.node(name).waitFor();
		}
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens the panel of a node, in place of one that is still open. */
	async openPanel(name: string): Promise<Panel> {
		if (await this.panel.isOpen()) await this.panel.close();
		await this.node(name).dblclick();
		await this.page.getByTestId('node-parameters').waitFor();
		return this.panel;
	}

	/** The panel that is open. */
	get panel(): Panel {
		return new Panel(this.page);
	}

	/** Runs the whole workflow, and waits for the mark of a node. */
	async execute(last: string): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').first().click();
		await this.node(last).getByTestId('canvas-node-status-success').waitFor();
	}

	/** What the notices in the corner say, in one line. */
	async notices(): Promise<string> {
		const texts = await this.page.getByRole('alert').allInnerTexts();
		return texts.join(' ').replaceAll(/\s+/g, ' ');
	}

	/** Looks for a node in the list of nodes. @returns the names it finds, best first */
	async searchNodes(words: string): Promise<string[]> {
		const { page } = this;
		const search = page.getByTestId('node-creator-search-bar');
		if (!(await search.isVisible())) await page.getByTestId('node-creator-plus-button').click();
		const names = page.getByTestId('node-creator-item-name');
		const categories = names.filter({ hasText: /^Action in an app$/ });
		// Of two searches without the categories in between nobody could tell the results apart.
		await search.fill('');
		await categories.waitFor();
		await search.fill(words);
		await categories.waitFor({ state: 'hidden' });
		return await names.allInnerTexts();
	}
}
