import { chromium, selectors, type Browser, type Page } from 'playwright-core';

import { findProgram } from '../programs';

selectors.setTestIdAttribute('data-test-id');

/** Without a graphics card, without a sandbox of its own (the suite may run as root), and asking nobody for anything. */
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** How long the browser waits for anything it looks for; the machine may be busy. */
const WAIT_MS = 60_000;

/** A window of the browser, in CSS pixels. Two pixels of a picture are one of them. */
export const WINDOW = { width: 1440, height: 900 };

/** A page with what went wrong on it. */
export interface Tab {
	page: Page;
	/** Uncaught errors of the page, and errors in its console that name the node. */
	problems: string[];
}

/** Starts Debian's Chromium. @throws when it is not installed */
export async function openBrowser(): Promise<Browser> {
	const executablePath = findProgram('chromium');
	if (!executablePath) throw new Error('Chromium is not installed');
	// The suite itself cleans up when it is interrupted.
	const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
	return await chromium.launch({ executablePath, args: ARGUMENTS, ...signals });
}

/** Opens a light page that reaches nothing but this machine. */
export async function openTab(browser: Browser): Promise<Tab> {
	const context = await browser.newContext({
		viewport: WINDOW,
		deviceScaleFactor: 2,
		colorScheme: 'light',
		reducedMotion: 'reduce',
		timezoneId: 'UTC',
	});
	context.setDefaultTimeout(WAIT_MS);
	await context.route(
		({ hostname }) => hostname !== '127.0.0.1',
		async (route) => await route.abort(),
	);
	const page = await context.newPage();
	const problems: string[] = [];
	page.on('pageerror', ({ message }) => problems.push(`uncaught: ${message}`));
	page.on('console', (message) => {
		const text = message.text();
		const isOurs = /gpt.?image|listModels/i.test(text);
		if (isOurs && message.type() === 'error') problems.push(`error: ${text}`);
	});
	// The editor asks whether to leave unsaved changes behind.
	page.on('dialog', (dialog) => void dialog.accept());
	return { page, problems };
}
