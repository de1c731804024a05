import type { Locator, Page } from 'playwright-core';

/** A field of the editor that offers a list. */
export class Dropdown {
	private readonly input: Locator;

	private readonly items: Locator;

	/** @param itemId the test ID of the items of the list */
	constructor(
		private readonly page: Page,
		field: Locator,
		itemId: string,
	) {
		this.input = field.locator('input').first();
		this.items = page.getByTestId(itemId).filter({ visible: true });
	}

	/** What is chosen. */
	async value(): Promise<string> {
		return await this.input.inputValue();
	}

	/** The names in the list, from top to bottom, without their descriptions. */
	async names(): Promise<string[]> {
		await this.open();
		const texts = await this.items.allInnerTexts();
		await this.input.press('Escape');
		await this.closed();
		return texts.map((text) => text.split('\n', 1).join('').trim());
	}

	async choose(name: string): Promise<void> {
		await this.open();
		await this.items.filter({ has: this.page.getByText(name, { exact: true }) }).click();
		await this.closed();
	}

	/** Opens the list. */
	async open(): Promise<void> {
		await this.input.click();
		await this.items.first().waitFor();
	}

	private async closed(): Promise<void> {
		await this.items.first().waitFor({ state: 'hidden' });
	}
}
