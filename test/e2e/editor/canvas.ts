import type { Page } from 'playwright-core';

import type { Area } from './pictures';

/** Around what is drawn, in CSS pixels. */
const MARGIN = 28;

/** In the page: the edges of all nodes, with their signs and names, without what only a mouse brings up. */
const EDGES = `(() => {
	const drawn = '.vue-flow__node, .vue-flow__node svg, .vue-flow__node [class*="_description_"]';
	const isShown = (part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
	const parts = [...document.querySelectorAll(drawn)].filter(isShown);
	const boxes = parts.map((part) => part.getBoundingClientRect());
	return {
		left: Math.min(...boxes.map((box) => box.left)),
		top: Math.min(...boxes.map((box) => box.top)),
		right: Math.max(...boxes.map((box) => box.right)),
		bottom: Math.max(...boxes.map((box) => box.bottom)),
	};
})()`;

interface Edges {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Fits the whole workflow into the window. @returns where it is */
export async function fitWorkflow(page: Page): Promise<Area> {
	await page.getByTestId('zoom-to-fit').click();
	const { left, top, right, bottom } = await edgesAtRest(page);
	return {
		x: left - MARGIN,
		y: top - MARGIN,
		width: right - left + 2 * MARGIN,
		height: bottom - top + 2 * MARGIN,
	};
}

/** The canvas glides to its place: it is there when nothing has moved from one frame to the next. */
async function edgesAtRest(page: Page): Promise<Edges> {
	for (let before = ''; ; ) {
		const edges = await page.evaluate<Edges>(EDGES);
		if (JSON.stringify(edges) === before) return edges;
		before = JSON.stringify(edges);
		await page.evaluate(
			'new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))',
		);
	}
}
