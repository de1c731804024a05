import { apiError, badRequest } from './apiError';

/** What a family of image models takes. */
export interface ImageModelFamily {
	qualities: readonly Quality[];
	/** The quality `auto` stands for. */
	autoQuality: Quality;
	/** WIDTHxHEIGHT beyond the three standard sizes. */
	freeSizes: boolean;
	/** GIF and SVG output. */
	animated: boolean;
	markup: boolean;
	inputFidelity: readonly string[];
	/** Whether input images are counted in tiles. */
	inputTiles: boolean;
	/** Whether there are batches of it. Of 2.6 OpenAI is said to make none; nobody confirmed it. */
	batches: boolean;
}

export type Quality = 'low' | 'medium' | 'high' | 'xhigh' | 'max';
export type FamilyName = '1' | '1.5' | '1-mini' | '2' | '2.5' | '2.6';

const three = ['low', 'medium', 'high'] as const;
const five = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const old = {
	qualities: three,
	autoQuality: 'high',
	freeSizes: false,
	animated: false,
	markup: false,
	inputFidelity: ['high', 'low'],
	inputTiles: true,
	batches: true,
} satisfies ImageModelFamily;

/**
 * Sources: parameter comments of `openai` 7.57.0 `resources/images.d.ts`. What `auto` quality means
 * is only measured for 2.6 Sunburst (high); elsewhere medium is assumed.
 */
const FAMILIES: Record<FamilyName, ImageModelFamily> = {
	'1': old,
	'1.5': old,
	'1-mini': { ...old, inputFidelity: ['low'] },
	'2': { ...old, autoQuality: 'medium', freeSizes: true, inputFidelity: [], inputTiles: false },
	'2.5': {
		...old,
		qualities: five,
		autoQuality: 'medium',
		freeSizes: true,
		markup: true,
		inputFidelity: [],
		inputTiles: false,
	},
	'2.6': {
		qualities: five,
		autoQuality: 'medium',
		freeSizes: true,
		animated: true,
		markup: true,
		inputFidelity: [],
		inputTiles: false,
		batches: false,
	},
};

/** An image model with its lifecycle. Dates are YYYY-MM-DD. */
export interface ImageModel extends ImageModelFamily {
	id: string;
	family: FamilyName;
	released: string;
	shutdownDate: string | null;
}

function model(
	id: string,
	family: FamilyName,
	released: string,
	shutdownDate: string | null = null,
	other: Partial<ImageModelFamily> = {},
): ImageModel {
	return { id, family, released, shutdownDate, ...FAMILIES[family], ...other };
}

/** Image models with OpenAI's deprecation table as of 2026-11-22. */
const IMAGE_MODELS: readonly ImageModel[] = [
	model('gpt-image-2.6-sunburst', '2.6', '2026-11-04', null, { autoQuality: 'high' }),
	model('gpt-image-2.6-flare', '2.6', '2026-11-04'),
	model('gpt-image-2.5-sunburst', '2.5', '2026-09-08'),
	model('gpt-image-2.5-sunburst-2026-09-08', '2.5', '2026-09-08'),
	model('gpt-image-2.5-flare', '2.5', '2026-09-08'),
	model('gpt-image-2.5-flare-2026-09-08', '2.5', '2026-09-08'),
	model('gpt-image-2', '2', '2026-04-21'),
	model('gpt-image-2-2026-04-21', '2', '2026-04-21'),
	model('gpt-image-1.5', '1.5', '2025-12-16', '2026-12-01'),
	model('gpt-image-1.5-2025-12-16', '1.5', '2025-12-16', '2026-12-01'),
	model('chatgpt-image-latest', '1.5', '2025-12-16', '2026-12-01'),
	model('gpt-image-1-mini', '1-mini', '2025-10-06', '2026-12-01'),
	model('gpt-image-1', '1', '2025-04-23', '2026-10-23'),
];

const DALL_E = ['dall-e-2', 'dall-e-3'];

/**
 * Text models: to be listed, and to author SVGs with. Days of the 5.6 and 6 families are assumed; ids
 * from `openai` 7.57.0 `resources/shared.d.ts`.
 */
const TEXT_MODELS: ReadonlyArray<{ id: string; released: string }> = [
	{ id: 'gpt-6.1-sol', released: '2026-10-28' },
	{ id: 'gpt-6.1-terra', released: '2026-10-28' },
	{ id: 'gpt-6-astra', released: '2026-09-22' },
	{ id: 'gpt-5.6-sol', released: '2026-07-14' },
	{ id: 'gpt-5.5', released: '2026-04-23' },
	{ id: 'gpt-5.4-mini', released: '2026-03-17' },
	{ id: 'gpt-5.2', released: '2025-12-11' },
	{ id: 'gpt-4.1', released: '2025-04-14' },
];

/** The model an SVG is authored with when the request names none. */
export const DEFAULT_SVG_AUTHOR = 'gpt-5.5';

const notFound = (id: string, param?: string) =>
	apiError('model_not_found', {
		message: `The model \`${id}\` does not exist or you do not have access to it.`,
		param,
	});

/**
 * The image model of that id, if it still runs today.
 * @throws ApiError 404 for unknown and shut down models, 410 for DALL·E, 400 for text models
 */
export function findImageModel(id: string, today: string): ImageModel {
	const found = IMAGE_MODELS.find((candidate) => candidate.id === id);
	if (found?.shutdownDate && found.shutdownDate <= today) {
		throw apiError('model_not_found', {
			message: `The model \`${id}\` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations`,
		});
	}
	if (found) return found;
	if (DALL_E.includes(id)) {
		throw apiError('model_retired', {
			message: `The model \`${id}\` was retired on May 12, 2026. Use a GPT image model instead.`,
		});
	}
	if (TEXT_MODELS.some((candidate) => candidate.id === id)) {
		const ids = IMAGE_MODELS.map((candidate) => `'${candidate.id}'`).join(', ');
		throw badRequest(
			`Invalid value: '${id}'. Supported values are: ${ids}.`,
			'model',
			'invalid_value',
		);
	}
	throw notFound(id);
}

/** Whether there are batches of a model; true for unknown ones, whose requests fail one by one. */
export function takesBatches(id: string): boolean {
	return IMAGE_MODELS.find((candidate) => candidate.id === id)?.batches ?? true;
}

/** Checks that a text model exists. @throws ApiError 404 */
export function requireTextModel(id: string, param: string): void {
	if (!TEXT_MODELS.some((candidate) => candidate.id === id)) throw notFound(id, param);
}

/** The items of `GET /v1/models`: everything that still runs today. */
export function listModels(today: string) {
	const running = IMAGE_MODELS.filter(
		({ shutdownDate }) => shutdownDate === null || shutdownDate > today,
	);
	const texts = TEXT_MODELS.map((text) => ({ ...text, shutdownDate: null }));
	return [...texts, ...running].map(({ id, released, shutdownDate }) => ({
		id,
		object: 'model' as const,
		created: Date.parse(released) / 1000,
		owned_by: 'system',
		shutdown_date: shutdownDate,
	}));
}

/** One item of `GET /v1/models`. @throws ApiError 404 */
export function retrieveModel(id: string, today: string) {
	const item = listModels(today).find((candidate) => candidate.id === id);
	if (!item) {
		throw apiError('model_not_found', {
			message: `The model '${id}' does not exist`,
			param: 'model',
		});
	}
	return item;
}
