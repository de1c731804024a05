import type { Locator, Page } from 'playwright-core';

import { Dropdown } from './dropdown';

/** The window of a credential. Fields go by the names of their parameters. */
export class CredentialForm {
	private readonly form: Locator;

	constructor(private readonly page: Page) {
		this.form = page.getByTestId('credential-edit-dialog');
	}

	/** Opens a new one from the panel of a node, where there is none yet. */
	static async addFirst(page: Page): Promise<CredentialForm> {
		await page.getByTestId('node-credentials-empty-state').getByRole('button').click();
		return await CredentialForm.opened(page);
	}

	/** Opens a new one from the panel of a node, where there are others. */
	static async add(page: Page): Promise<CredentialForm> {
		await page.getByTestId('node-credentials-select').locator('input').first().click();
		await page.getByTestId('node-credentials-select-item-new').filter({ visible: true }).click();
		return await CredentialForm.opened(page);
	}

	private static async opened(page: Page): Promise<CredentialForm> {
		const form = new CredentialForm(page);
		await form.field('apiKey').waitFor();
		return form;
	}

	/** The labels of the fields, from top to bottom; required ones end with a star. */
	async labels(): Promise<string[]> {
		const texts = await this.form.getByTestId('credential-connection-parameter').allInnerTexts();
		return texts.map((text) => text.split('\n', 1).join('').trim());
	}

	field(name: string): Locator {
		return this.form.getByTestId(`parameter-input-${name}`);
	}

	async value(name: string): Promise<string> {
		return await this.field(name).locator('input').inputValue();
	}

	/** What stands in a field, or in grey where nothing does. */
	async shown(name: string): Promise<string> {
		const placeholder = await this.field(name).locator('input').getAttribute('placeholder');
		return (await this.value(name)) || (placeholder ?? '');
	}

	async fill(name: string, text: string): Promise<void> {
		await this.field(name).locator('input').fill(text);
	}

	/** Flips a switch. */
	async flip(name: string): Promise<void> {
		await this.field(name).locator('.el-switch, [role=switch]').first().click();
	}

	get kind(): Dropdown {
		return new Dropdown(this.page, this.field('kind'), 'parameter-input-item');
	}

	async save(): Promise<void> {
		await this.page.getByTestId('credential-save-button').click();
	}

	/** What the test of the credential says when it fails. */
	async failure(): Promise<string> {
		const details = this.form.getByText('More details');
		await details.click();
		await details.waitFor({ state: 'hidden' });
		return await this.form.innerText();
	}

	/** Waits until the window has closed, as it does when the saved credential works. */
	async closed(): Promise<void> {
		await this.form.waitFor({ state: 'hidden' });
	}
}
