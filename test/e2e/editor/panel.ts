import type { Locator, Page } from 'playwright-core';

import { Dropdown } from './dropdown';
import { ModelField } from './modelField';
import { Output } from './output';

/** The opened panel of a node. Fields go by the names of their parameters. */
export class Panel {
	private readonly parameters: Locator;

	readonly output: Output;

	constructor(readonly page: Page) {
		this.parameters = page.getByTestId('node-parameters');
		this.output = new Output(page);
	}

	/** The labels of all fields that are shown, those of added options too, from top to bottom. */
	async labels(within = this.parameters): Promise<string[]> {
		const texts = await within.getByTestId('input-label').locator('visible=true').allInnerTexts();
		return texts.map((text) => text.split('\n', 1).join('').trim());
	}

	field(name: string): Locator {
		return this.parameters.getByTestId(`parameter-input-${name}`);
	}

	/** A field whose values are rows, e.g. `images`. */
	rows(name: string): Locator {
		return this.parameters.getByTestId(`fixed-collection-${name}`);
	}

	/** Adds a row to such a field. */
	async addRow(name: string): Promise<void> {
		await this.rows(name).getByTestId('fixed-collection-add').click();
	}

	/** What stands in a field. */
	async value(name: string): Promise<string> {
		return await this.field(name).locator('input, textarea').last().inputValue();
	}

	async fill(name: string, text: string): Promise<void> {
		const input = this.field(name).locator('input, textarea').last();
		await input.fill(text);
		await input.blur();
	}

	/** @param within where fields of other groups have the same name */
	dropdown(name: string, within = this.parameters): Dropdown {
		const field = within.getByTestId(`parameter-input-${name}`);
		return new Dropdown(this.page, field, 'parameter-input-item');
	}

	/** The name of the credential that is chosen. */
	async credential(): Promise<string> {
		const select = this.parameters.getByTestId('node-credentials-select');
		return await select.locator('input').first().inputValue();
	}

	/** What can be added to a collection: Image, Output or Run Options, in this order. */
	optionsOf(collection: 'imageOptions' | 'outputOptions' | 'options'): Dropdown {
		const at = ['imageOptions', 'outputOptions', 'options'].indexOf(collection);
		// Options stand last, after rows that have a button of the same name.
		const button = this.parameters.getByTestId('collection-parameter-add').nth(at - 3);
		return new Dropdown(this.page, button, 'collection-parameter-option');
	}

	get model(): ModelField {
		return new ModelField(this.page, this.field('model'));
	}

	/** What the editor says is wrong with a field; empty when nothing is. */
	async issue(name: string): Promise<string> {
		const issue = this.field(name).getByTestId('parameter-issues');
		if (!(await issue.isVisible())) return '';
		await issue.hover();
		return await this.page.getByTestId('tooltip-content').first().innerText();
	}

	/** The left side: what goes into the node. */
	get input(): Locator {
		return this.page
			.getByTestId('ndv-input-panel')
			.or(this.page.getByTestId('input-panel'))
			.first();
	}

	async isOpen(): Promise<boolean> {
		return await this.parameters.isVisible();
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.parameters.waitFor({ state: 'hidden' });
	}
}
