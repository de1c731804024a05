import type { Contestant } from './child/job';

/** How the contestants are called in tables and pictures. */
export const CONTESTANTS: Record<Contestant, string> = {
	gptImage: 'GPT Image (this node)',
	builtIn: "n8n's OpenAI node",
	httpRequest: 'HTTP Request + Convert to File',
	least: 'the least that a node can do',
	sdk: 'openai SDK, bare script',
	floor: 'floor (bare script)',
};
