import type { Locator, Page } from 'playwright-core';

import { Dropdown } from './dropdown';

/** The Model field: a list, or an ID. */
export class ModelField {
	private readonly input: Locator;

	private readonly items: Locator;

	constructor(
		private readonly page: Page,
		private readonly field: Locator,
	) {
		this.input = field.getByTestId('rlc-input');
		this.items = page.getByTestId('rlc-item').filter({ visible: true });
	}

	/** What stands in the field. */
	async value(): Promise<string> {
		return await this.input.inputValue();
	}

	/** Writes an ID. */
	async setId(id: string): Promise<void> {
		const mode = new Dropdown(this.page, this.field.getByTestId('rlc-mode-selector'), 'mode-id');
		if ((await mode.value()) !== 'By ID') await mode.choose('By ID');
		await this.input.fill(id);
		await this.input.blur();
	}

	/** Opens the list. */
	async open(): Promise<void> {
		await this.input.click();
	}

	/** Waits for what the API lists, after the model that is chosen. */
	async loaded(): Promise<void> {
		await this.items.nth(1).waitFor();
	}

	/** What the open list shows. */
	async names(): Promise<string[]> {
		return await this.items.allInnerTexts();
	}

	async search(words: string): Promise<void> {
		await this.page.getByTestId('rlc-search').filter({ visible: true }).fill(words);
	}

	async choose(name: string): Promise<void> {
		await this.items.filter({ has: this.page.getByText(name, { exact: true }) }).click();
	}

	/** What stands in place of the list. */
	async error(): Promise<string> {
		return await this.page.getByTestId('rlc-error-container').innerText();
	}
}
