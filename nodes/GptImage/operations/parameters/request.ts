import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { ImageEditParams, ImageGenerateParams } from 'openai/resources/images';
import { quote } from '../../errors/quote';
import type { ModelFamily } from '../../models/catalogue';
import { FIXED_SIZES, sizeProblem, SIZE_RULE } from '../../models/sizes';
import { omitUndefined } from '../../values';
import { modelField } from '../fields/model';
import { generatePrompt } from '../fields/prompt';
import { qualityFields } from '../fields/quality';
import { sizeFields } from '../fields/size';
import type { Given } from '../operation';
import { FieldValues } from './fieldValues';
import type { ItemOptions } from './options';
import { MAX_ID_CHARACTERS } from './itemSettings';
import { panelSource } from './panelSource';

/** Body fields of a request; the compiler knows the API's names. */
export type RequestFields = Partial<Record<FieldName, string | number | boolean | IDataObject>>;

/** `moderation` is typed for generations only; the API reference has it in the JSON body of edits too. */
type FieldName = (keyof ImageGenerateParams & keyof ImageEditParams) | 'moderation';

/** The API's limit for GPT image models (`openai` 7.57.0, `ImageGenerateParams.prompt`). */
const MAX_PROMPT_CHARACTERS = 32_000;

/** The API's limit of `safety_identifier`. */
const MAX_IDENTIFIER_CHARACTERS = 128;

const FIELDS = [modelField, generatePrompt, ...sizeFields, ...qualityFields];
type PanelValues = FieldValues<(typeof FIELDS)[number]>;

/**
 * Reads the fields both operations share. Nothing is sent that was not set, except the model: its default
 * on the server's side has been a retired one.
 *
 * @throws NodeOperationError when a value cannot be right for the model
 */
export function readRequestFields(
	context: IExecuteFunctions,
	itemIndex: number,
	{ options: { image }, lookUpModel }: Given,
): RequestFields {
	const panel = new FieldValues(context, itemIndex, FIELDS, panelSource(context, itemIndex));
	const model = readModel(context, itemIndex);
	const family = lookUpModel(model);
	const quality = readQuality(panel, family);
	const size = readSize(panel, family);
	return omitUndefined({
		model,
		prompt: readPrompt(panel, image.textOrBlank('style')?.trim()),
		size: size === 'auto' ? undefined : size,
		quality: quality === 'auto' ? undefined : quality,
		background: image.text('background'),
		moderation: image.text('moderation'),
		output_format: image.text('outputFormat'),
		output_compression: image.number('outputCompression'),
		complexity: image.text('complexity'),
		frame_count: image.number('frameCount'),
		frame_duration_ms: image.number('frameDuration'),
		svg: readSvg(image),
		safety_identifier: image.textOrBlank('safetyIdentifier', {
			most: MAX_IDENTIFIER_CHARACTERS,
		}),
	});
}

function readSvg(options: ItemOptions['image']): IDataObject | undefined {
	const model = options.text('svgModel', { most: MAX_ID_CHARACTERS });
	const effort = options.text('svgEffort');
	if (model === undefined && effort === undefined) return undefined;
	return { ...(model && { model }), ...(effort && { reasoning: { effort } }) };
}

function readModel(context: IExecuteFunctions, itemIndex: number): string {
	// A resource locator gives what stands in it, whatever its mode.
	const values = new FieldValues(context, itemIndex, [modelField], {
		isOptional: false,
		has: () => true,
		get: (name) => context.getNodeParameter(name, itemIndex, undefined, { extractValue: true }),
	});
	return values
		.required('model', {
			most: MAX_ID_CHARACTERS,
			ifEmpty: 'Choose a model from the list, or enter its id under By ID.',
		})
		.trim();
}

function readPrompt(panel: PanelValues, style?: string): string {
	const text = panel.required('prompt', {
		ifEmpty:
			'Say in Prompt what the image should show. If it comes from an expression, check that the expression finds the text.',
	});
	const prompt = !style ? text : `${text}\n\n${style}`;
	// The iterator counts characters as the API does; what is far too long need not be counted.
	const characters =
		prompt.length > 10 * MAX_PROMPT_CHARACTERS ? prompt.length : [...prompt].length;
	if (characters <= MAX_PROMPT_CHARACTERS) return prompt;
	const [has, fields] = !style ? ['has', 'Prompt'] : ['with Style has', 'Prompt or Style'];
	throw panel.error(
		'prompt',
		`${has} ${characters} characters`,
		`Shorten ${fields} to at most ${MAX_PROMPT_CHARACTERS} characters.`,
	);
}

function readSize(panel: PanelValues, family: ModelFamily | undefined): string {
	const choice = inList(panel.required('size'), family);
	if (choice === 'custom' && family?.sizes === 'fixed') {
		throw panel.error(
			'size',
			`Custom is not offered by ${family.id}`,
			`Set Size to ${FIXED_SIZES.join(', ')} or Auto, or choose a newer model.`,
		);
	}
	// Others than OpenAI may have larger ones.
	const edge = (name: 'width' | 'height') => panel.number(name, family === undefined);
	const size = choice === 'custom' ? `${edge('width')}x${edge('height')}` : choice;
	if (family && size !== 'auto' && !/^[1-9]\d{0,5}x[1-9]\d{0,5}$/.test(size)) {
		throw panel.error(
			'size',
			`is ${quote(size)}`,
			'Set Size to auto or to WIDTHxHEIGHT in pixels, e.g. 1536x1024.',
		);
	}
	const problem = sizeProblem(family, size);
	if (problem === undefined) return size;
	const { multipleOf, maxEdge, maxRatio, minPixels, maxPixels } = SIZE_RULE;
	throw panel.error(
		'size',
		`${size} ${problem}`,
		`Choose another Size. Custom sizes need multiples of ${multipleOf}, sides of at most ${maxEdge} pixels, at most ${maxRatio}:1, and ${minPixels} to ${maxPixels} pixels in all.`,
	);
}

/** People and agents write `High` and `1024 x 1536`; what a model that is not known takes is sent as it is. */
const inList = (text: string, family: ModelFamily | undefined) =>
	family ? text.toLowerCase().replaceAll(' ', '').replace('×', 'x') : text;

function readQuality(panel: PanelValues, family: ModelFamily | undefined): string {
	const quality = inList(panel.required('quality'), family);
	if (!family || family.qualities.some((offered) => offered === quality)) return quality;
	throw panel.error(
		'quality',
		`${quality} is not offered by ${family.id}`,
		`Set Quality to ${family.qualities.join(', ')}, or choose another model.`,
	);
}
