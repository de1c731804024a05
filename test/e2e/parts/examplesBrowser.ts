import type { Locator, Page } from 'playwright-core';

import { openBrowser, openTab } from '../editor/browser';
import type { E2e } from '../part';
import type { CreatedWorkflow } from '../workflows';
import { hashOf } from './agentChat';
import { addressOf } from './examplesPages';
import type { Scene } from './examplesScene';

/** A file as the browser uploads it. */
export interface Upload {
	name: string;
	mimeType: string;
	buffer: Buffer;
}

/** An image that a page shows. */
export interface Shown {
	/** Its alternative text. */
	name: string;
	/** Of the file behind it. */
	sha256: string;
}

/** Opens a browser, until the end of the part. */
export async function openPage(e2e: E2e): Promise<Page> {
	const browser = await openBrowser();
	e2e.defer(async () => await browser.close());
	return (await openTab(browser)).page;
}

/** Opens the form of a published workflow and submits it with these entries, by the labels of its fields. */
export async function submitIn(
	page: Page,
	scene: Scene,
	workflow: CreatedWorkflow,
	entries: Record<string, string | Upload[]>,
): Promise<void> {
	await page.goto(addressOf(scene, workflow));
	for (const [label, entry] of Object.entries(entries)) {
		const field = page.getByLabel(label);
		await (typeof entry === 'string' ? field.fill(entry) : field.setInputFiles(entry));
	}
	await page.locator('#submit-btn').click();
}

/** Waits for a page of a form with this title. @returns its text */
export async function pageWith(page: Page, title: string): Promise<string> {
	await page.getByRole('heading', { name: title, exact: true }).waitFor();
	return await page.locator('body').innerText();
}

/** The images in an area, in order, when all are loaded. @throws when one cannot be */
export async function imagesIn(area: Page | Locator): Promise<Shown[]> {
	const images = await area.locator('img[alt]').all();
	return await Promise.all(
		images.map(async (image) => {
			await image.evaluate('image => image.decode()');
			const address = (await image.getAttribute('src')) ?? '';
			const bytes = Buffer.from(await (await fetch(address)).arrayBuffer());
			return { name: (await image.getAttribute('alt')) ?? '', sha256: hashOf(bytes) };
		}),
	);
}
