import type { ImageEditParams, ImageGenerateParams } from 'openai/resources/images';
import { TOKENS_1, TOKENS_2, TOKENS_25, type OutputTokens } from '../cost/outputTokens';
import { PRICES_1, PRICES_15, PRICES_2, PRICES_MINI, type Prices } from './prices';

export type Quality = NonNullable<ImageGenerateParams['quality']>;
export type OutputFormat = NonNullable<ImageGenerateParams['output_format']>;
export type InputFidelity = NonNullable<ImageEditParams['input_fidelity']>;

/** What a model, and its dated snapshots (`gpt-image-2-2026-04-21`), takes. */
export interface ModelFamily {
	/** Model id without a date. */
	id: string;
	/** What it is for, in a few words of the model list; absent where there is nothing to recommend it for. */
	purpose?: string;
	/** `free`: any size within the rule of `sizes.ts`; `fixed`: three sizes and auto. */
	sizes: 'free' | 'fixed';
	qualities: Quality[];
	/** Formats the panel offers; GIF and SVG need access to a preview besides. */
	formats: OutputFormat[];
	/** Values of `input_fidelity`; none where the parameter must be left out. */
	fidelities: InputFidelity[];
	/** Takes `markup`. */
	markup: boolean;
	/** Takes `complexity`. */
	complexity: boolean;
	/** USD per million tokens, at full price. */
	prices?: Prices;
	/** What an image of each quality and size counts as; absent where nothing is published. */
	outputTokens?: OutputTokens;
	/** The day it stops answering, YYYY-MM-DD, and what OpenAI names instead. */
	shutdown?: { date: string; replacement: string };
}

const THREE_QUALITIES: Quality[] = ['auto', 'low', 'medium', 'high'];
const FIVE_QUALITIES: Quality[] = [...THREE_QUALITIES, 'xhigh', 'max'];
const STILL_FORMATS: OutputFormat[] = ['png', 'jpeg', 'webp'];

const NEWEST = 'gpt-image-2.6-sunburst';
const NEWEST_SMALL = 'gpt-image-2.6-flare';

const GENERATION_2: Omit<ModelFamily, 'id'> = {
	sizes: 'free',
	qualities: THREE_QUALITIES,
	formats: STILL_FORMATS,
	fidelities: [],
	markup: false,
	complexity: false,
	prices: PRICES_2,
	outputTokens: TOKENS_2,
};
const GENERATION_25 = {
	...GENERATION_2,
	qualities: FIVE_QUALITIES,
	markup: true,
	outputTokens: TOKENS_25,
};
const GENERATION_26 = {
	...GENERATION_25,
	outputTokens: undefined,
	formats: [...STILL_FORMATS, 'gif', 'svg'] satisfies OutputFormat[],
	complexity: true,
};
const GENERATION_1 = {
	...GENERATION_2,
	sizes: 'fixed',
	prices: undefined,
	outputTokens: TOKENS_1,
} as const;

/** OpenAI's words on the two kinds of a generation: one for speed, one for detail and edits that hold. */
const SUNBURST = 'detail, exact edits';
const FLARE = 'fast, for every day';

const gone = (date: string, replacement: string) => ({ shutdown: { date, replacement } });

/**
 * The models of the Images API as of 2026-11-22, newest first. Ids that are not here pass unchecked: the API decides.
 * Sources: types and comments of `openai` 7.57.0 (`resources/images.d.ts`); OpenAI's deprecations page; for what 2.6
 * takes beyond 2.5 (`complexity`, GIF, SVG, `markup`) the SDK's changelog of 7.51.0 and the AI SDK.
 */
export const MODEL_FAMILIES: ModelFamily[] = [
	{ id: NEWEST, purpose: `newest: ${SUNBURST}`, ...GENERATION_26 },
	{ id: NEWEST_SMALL, purpose: `newest: ${FLARE}`, ...GENERATION_26 },
	{ id: 'gpt-image-2.5-sunburst', purpose: SUNBURST, ...GENERATION_25 },
	{ id: 'gpt-image-2.5-flare', purpose: FLARE, ...GENERATION_25 },
	{ id: 'gpt-image-2', purpose: 'recommended to begin with', ...GENERATION_2 },
	{
		id: 'gpt-image-1.5',
		...GENERATION_1,
		prices: PRICES_15,
		fidelities: ['low', 'high'],
		...gone('2026-12-01', NEWEST),
	},
	{
		id: 'chatgpt-image-latest',
		...GENERATION_1,
		prices: PRICES_15,
		fidelities: ['low', 'high'],
		...gone('2026-12-01', NEWEST),
	},
	{
		id: 'gpt-image-1-mini',
		...GENERATION_1,
		prices: PRICES_MINI,
		fidelities: ['low'],
		...gone('2026-12-01', NEWEST_SMALL),
	},
	{
		id: 'gpt-image-1',
		...GENERATION_1,
		prices: PRICES_1,
		fidelities: ['low', 'high'],
		...gone('2026-10-23', NEWEST),
	},
	{ id: 'dall-e-3', ...GENERATION_1, ...gone('2026-05-12', NEWEST) },
	{ id: 'dall-e-2', ...GENERATION_1, ...gone('2026-05-12', NEWEST) },
];

/** Looks a model up; the deployments of Azure may be called anything, so there nothing is known of a name. */
export type LookUpModel = (model: string) => ModelFamily | undefined;

/**
 * @param model a model id, dated or not
 * @returns its family, or `undefined` for a model this version does not know
 */
export function familyOf(model: string): ModelFamily | undefined {
	const undated = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
	return MODEL_FAMILIES.find(({ id }) => id === undated);
}
