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

	/** Shows an empty canvas. */
	async openNew(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
	}

	/** Adds a trigger to an empty canvas. */
	async addFirst(name: string): Promise<void> {
		const { page } = this;
		await page.getByTestId('canvas-add-button').click();
		await page.getByTestId('node-creator-item-name').getByText(name).click();
	}

	/** Adds a node after the last one: looks for it, takes the first that is found, then one of its actions. */
	async addNext(words: string, action: string): Promise<void> {
		await this.searchNodes(words);
		const names = this.page.getByTestId('node-creator-item-name');
		await names.first().click();
		await names.getByText(action, { exact: true }).click();
		await this.page.getByTestId('node-parameters').waitFor();
	}

	/** Imports a workflow from a file into the empty canvas. */
	async importFile(file: string): Promise<void> {
		const { page } = this;
		await page.getByTestId('workflow-menu').first().click();
		await page.getByTestId('workflow-menu-item-import').click();
		const chooser = page.waitForEvent('filechooser');
		await page.getByTestId('workflow-menu-item-import-from-file').click();
		await (await chooser).setFiles(file);
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
