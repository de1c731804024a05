import type { ImageGenerateParams } from 'openai/resources/images';

export type Quality = NonNullable<ImageGenerateParams['quality']>;

/** What is known of a model and its dated snapshots (`gpt-image-2-2026-04-21`). */
export interface ModelFamily {
	/** Model id without a date. */
	id: string;
	/** `free`: any size within the rule of `sizes.ts`; `fixed`: three sizes and auto. */
	sizes: 'free' | 'fixed';
	qualities: Quality[];
	/** The day it stops answering, YYYY-MM-DD, and what OpenAI names instead. */
	shutdown?: { date: string; replacement: string };
}

const THREE_QUALITIES: Quality[] = ['auto', 'low', 'medium', 'high'];
const FIVE_QUALITIES: Quality[] = [...THREE_QUALITIES, 'xhigh', 'max'];

const NEWEST = 'gpt-image-2.6-sunburst';
const NEWEST_SMALL = 'gpt-image-2.6-flare';

/**
 * The models of the Images API as of 2026-11-22, newest first. Ids that are not here pass unchecked: the API decides.
 * Sources: types and comments of `openai` 7.57.0 (`resources/images.d.ts`), OpenAI's deprecations page.
 */
export const MODEL_FAMILIES: ModelFamily[] = [
	{ id: NEWEST, sizes: 'free', qualities: FIVE_QUALITIES },
	{ id: NEWEST_SMALL, sizes: 'free', qualities: FIVE_QUALITIES },
	{ id: 'gpt-image-2.5-sunburst', sizes: 'free', qualities: FIVE_QUALITIES },
	{ id: 'gpt-image-2.5-flare', sizes: 'free', qualities: FIVE_QUALITIES },
	{ id: 'gpt-image-2', sizes: 'free', qualities: THREE_QUALITIES },
	...['gpt-image-1.5', 'chatgpt-image-latest'].map((id) => retiring(id, '2026-12-01', NEWEST)),
	retiring('gpt-image-1-mini', '2026-12-01', NEWEST_SMALL),
	retiring('gpt-image-1', '2026-10-23', NEWEST),
	...['dall-e-2', 'dall-e-3'].map((id) => retiring(id, '2026-05-12', NEWEST)),
];

function retiring(id: string, date: string, replacement: string): ModelFamily {
	return { id, sizes: 'fixed', qualities: THREE_QUALITIES, shutdown: { date, replacement } };
}

const SNAPSHOT = '(-\\d{4}-\\d{2}-\\d{2})?';

/**
 * @param model a model id, dated or not
 * @returns its family, or `undefined` for a model this version does not know
 */
export function familyOf(model: string): ModelFamily | undefined {
	return MODEL_FAMILIES.find((family) => new RegExp(patternOf([family])).test(model));
}

/**
 * @returns a regular expression that matches the ids of some families, for `displayOptions`
 */
export function patternOf(families: ModelFamily[]): string {
	const ids = families.map(({ id }) => id.replaceAll('.', '\\.'));
	return `^(${ids.join('|')})${SNAPSHOT}$`;
}
