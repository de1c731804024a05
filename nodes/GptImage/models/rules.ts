import type { LookUpModel, ModelFamily } from './catalogue';

/** What a request asks for, as far as the rules need to know. */
export interface RuleInput {
	/** Body fields by the API's names. */
	fields: Record<string, unknown>;
	/** `n` of the whole item. */
	images: number;
	hasMask: boolean;
	hasMarkup: boolean;
	/** The answer is to be streamed. */
	isStreamed: boolean;
	/** Images of the run are references for later ones. */
	isInSeries: boolean;
}

/** Why something cannot be, and what to do about it. */
export interface Problem {
	problem: string;
	remedy: string;
}

interface Rule extends Problem {
	breaks(input: RuleInput, family: ModelFamily | undefined): boolean;
}

const format = ({ fields }: RuleInput) => fields.output_format ?? 'png';
const isGif = (input: RuleInput) => format(input) === 'gif';
const isSvg = (input: RuleInput) => format(input) === 'svg';

/**
 * Combinations the API refuses, or silently makes nothing of.
 * Source: comments of `openai` 7.57.0 (`ImageGenerateParams`, `ImageEditParams`).
 */
const RULES: Rule[] = [
	{
		breaks: (input) => input.fields.background === 'transparent' && format(input) === 'jpeg',
		problem: 'Background Transparent does not go with Output Format JPEG',
		remedy: 'Set Output Format to PNG or WebP.',
	},
	{
		breaks: (input) =>
			input.fields.output_compression !== undefined &&
			['png', 'gif', 'svg'].includes(String(format(input))),
		problem: 'Output Compression only goes with JPEG and WebP',
		remedy: 'Set Output Format to JPEG or WebP, or remove Output Compression.',
	},
	{
		breaks: (input) => isGif(input) && input.hasMask,
		problem: 'A mask does not go with Output Format GIF',
		remedy: 'Remove the mask, or choose another Output Format.',
	},
	{
		breaks: (input) => (isGif(input) || isSvg(input)) && input.isStreamed,
		problem: 'GIF and SVG cannot be streamed',
		remedy: 'Remove Partial Images and Keep Connection Alive, or choose another Output Format.',
	},
	{
		breaks: (input) => (isGif(input) || isSvg(input)) && input.isInSeries,
		problem: 'Keep Consistent Across Items does not go with Output Format GIF or SVG',
		remedy: 'Choose PNG, JPEG or WebP as Output Format: only those can be references.',
	},
	{
		breaks: (input) => isSvg(input) && input.images > 1,
		problem: 'Output Format SVG makes one image at a time',
		remedy: 'Set Number of Images to 1, or choose another Output Format.',
	},
	{
		breaks: (input) =>
			!isGif(input) &&
			(input.fields.frame_count !== undefined || input.fields.frame_duration_ms !== undefined),
		problem: 'GIF Frames and GIF Frame Duration only go with Output Format GIF',
		remedy: 'Set Output Format to GIF, or remove them.',
	},
	{
		breaks: (input) => !isSvg(input) && input.fields.svg !== undefined,
		problem: 'SVG Author Model and SVG Author Effort only go with Output Format SVG',
		remedy: 'Set Output Format to SVG, or remove them.',
	},
	{
		breaks: (input) => input.hasMask && input.hasMarkup,
		problem: 'A mask and a markup do not go together',
		remedy: 'Remove one of the two.',
	},
	{
		breaks: (input, family) =>
			!!family &&
			input.fields.input_fidelity !== undefined &&
			!family.fidelities.some((one) => one === input.fields.input_fidelity),
		problem: 'Input Fidelity does not go with this model',
		remedy:
			'Remove Input Fidelity: newer models always keep to the input, and gpt-image-1-mini takes only Low.',
	},
	{
		breaks: (input, family) => !!family && input.hasMarkup && !family.markup,
		problem: 'A markup does not go with this model',
		remedy: 'Choose gpt-image-2.5 or newer, or use a mask.',
	},
	{
		breaks: (input, family) =>
			!!family && input.fields.complexity !== undefined && !family.complexity,
		problem: 'Complexity does not go with this model',
		remedy: 'Choose gpt-image-2.6 or newer, or remove Complexity.',
	},
];

/**
 * Finds what cannot go together before it is paid for.
 *
 * @returns the first broken rule, as problem and remedy; `undefined` when there is none
 */
export function findProblem(input: RuleInput, lookUpModel: LookUpModel): Problem | undefined {
	const family = lookUpModel(String(input.fields.model));
	return RULES.find((rule) => rule.breaks(input, family));
}
