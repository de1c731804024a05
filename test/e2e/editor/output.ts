import type { Locator, Page } from 'playwright-core';

/** What the editor says about a failure. */
export interface ToldError {
	message: string;
	description: string;
}

/** Of the browser's HTMLImageElement, which this side knows nothing of. */
interface ImageElement {
	naturalWidth: number;
	naturalHeight: number;
	decode(): Promise<void>;
}

/** The right side of a node's panel: what came out of it. */
export class Output {
	readonly pane: Locator;

	constructor(private readonly page: Page) {
		this.pane = page.getByTestId('output-panel').or(page.getByTestId('ndv-output-panel')).first();
	}

	/** Starts the node, and those before it as far as they have not run yet. */
	async start(): Promise<void> {
		await this.page.getByTestId('node-execute-button').first().click();
	}

	/** Runs a node that has not run yet to its end. */
	async execute(): Promise<void> {
		await this.start();
		await this.pane.getByTestId(/^node-run-status/).waitFor();
	}

	/** Shows one of its tabs: Schema, Table, JSON or Binary. */
	async show(tab: string): Promise<void> {
		await this.tabs.getByText(tab, { exact: true }).click();
	}

	/** The tab that is shown. */
	async tab(): Promise<string> {
		return await this.tabs.getByRole('radio', { checked: true }).innerText();
	}

	private get tabs(): Locator {
		return this.pane.getByTestId('ndv-run-data-display-mode');
	}

	/** What the JSON tab shows, in one line. */
	async json(): Promise<string> {
		await this.show('JSON');
		const data = this.pane.getByTestId('ndv-data-container');
		await data.getByText('"fileName"').first().waitFor();
		return (await data.innerText()).replaceAll(/\s+/g, ' ');
	}

	/** Opens the first image. @returns its size in pixels, WIDTHxHEIGHT */
	async viewImage(): Promise<string> {
		await this.pane.getByTestId('ndv-view-binary-data').first().click();
		const image = this.pane.locator('img[src*="binary-data"]');
		await image.waitFor();
		return await image.evaluate(async (element: ImageElement) => {
			await element.decode();
			return `${element.naturalWidth}x${element.naturalHeight}`;
		});
	}

	/** The blue and yellow notes above the items. */
	async hints(): Promise<string[]> {
		const texts = await this.pane.getByTestId('node-hint').allInnerTexts();
		return texts.map((text) => text.trim());
	}

	/** The failure that is shown in place of items. */
	async error(): Promise<ToldError> {
		const message = await this.pane.getByTestId('node-error-message').innerText();
		const description = await this.pane.getByTestId('node-error-description').innerText();
		return { message: message.trim(), description: description.trim() };
	}
}
