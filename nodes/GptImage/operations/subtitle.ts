/** What the subtitle is made of; a part that is an expression tells nothing before there is data. */
const PARTS = [
	'({ generate: "Generate", edit: "Edit", getImages: "Get images of batch", get: "Get batch", getAll: "Get many batches", cancel: "Cancel batch" })[$parameter["operation"]] || $parameter["operation"]',
	'$parameter["model"].value || $parameter["model"]',
	'$parameter["quality"] === "auto" ? "" : $parameter["quality"]',
	'$parameter["delivery"] === "batch" ? "batch" : ""',
	'$parameter["options"]["estimateOnly"] ? "estimate only" : ""',
	'$parameter["options"]["placeholder"] ? "placeholder" : ""',
];

/** An expression for what the canvas tells below the name of the node, e.g. `Edit · gpt-image-2 · high`. */
export const SUBTITLE = `={{ [${PARTS.map((part) => `() => ${part}`).join(', ')}].map((part) => { try { return part(); } catch (error) { return ""; } }).filter((part) => part).join(" · ") }}`;
