/** What is done with a command. */
export type Plan =
	| { how: 'run' }
	/** It takes minutes: only with `--all`. */
	| { how: 'run'; isLong: true }
	/** It runs until it is ended: it is, as soon as it says this. */
	| { how: 'serve'; ready: RegExp; isLong?: true }
	| { how: 'skip'; reason: string };

/** What n8n and our own script say when the editor can be opened. */
const N8N_READY = /Editor is now accessible via|^n8n: +http/m;

/** The commands that are not simply run, by what they begin with or have in them. */
const EXCEPTIONS: Array<[RegExp, Plan]> = [
	[/OPENAI_API_KEY=|^npm run live\b/, skip('needs an API key, and is billed')],
	[/^npm (version|publish|login)\b|^npm run release\b/, skip('is for a new version only')],
	[/^git clone$/, skip('is what this begins with')],
	[/^npm install n8n-nodes-gpt-image\b/, skip('needs the package on npm')],
	[/^npm install$/, skip('is for the folder of an n8n')],
	[/^npm run docs:commands\b/, skip('is this')],
	[/\bsimulator\/cli\.ts\b/, { how: 'serve', ready: /"url":/ }],
	[/^npm run (dev|n8n)\b/, { how: 'serve', ready: N8N_READY, isLong: true }],
	[/^npm run (bench|test:e2e)\b|^bash \.ci\/run\b/, { how: 'run', isLong: true }],
	[/\bUPDATE_FAULTS=/, { how: 'run', isLong: true }],
];

function skip(reason: string): Plan {
	return { how: 'skip', reason };
}

/**
 * Decides what to do with a command of the pages: it is run, unless it is one of a short list.
 *
 * @param all take the long ones too
 */
export function planFor(command: string, all: boolean): Plan {
	const [, plan] = EXCEPTIONS.find(([pattern]) => pattern.test(command)) ?? [];
	if (!plan) return { how: 'run' };
	const isLeftOut = 'isLong' in plan && plan.isLong && !all;
	return isLeftOut ? skip('takes minutes: only with --all') : plan;
}
