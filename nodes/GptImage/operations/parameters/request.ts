import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { ImageEditParams, ImageGenerateParams } from 'openai/resources/images';
import type { ModelFamily } from '../../models/catalogue';
import { FIXED_SIZES, sizeProblem, SIZE_RULE } from '../../models/sizes';
import { parameterError } from '../../errors/parameterError';
import { omitUndefined } from '../../values';
import type { Given } from '../operation';
import { checkText, readNumber, readText, type Options } from './options';

/** Body fields of a request; the compiler knows the API's names. */
export type RequestFields = Partial<Record<FieldName, string | number | boolean | IDataObject>>;

/** `moderation` is typed for generations only; the API reference has it in the JSON body of edits too. */
type FieldName = (keyof ImageGenerateParams & keyof ImageEditParams) | 'moderation';

/** The API's limit for GPT image models (`openai` 7.57.0, `ImageGenerateParams.prompt`). */
const MAX_PROMPT_CHARACTERS = 32_000;

/**
 * Reads the fields both operations share. Nothing is sent that was not set, except the model: its default
 * on the server's side has been a retired one.
 *
 * @throws NodeOperationError when a value cannot be right for the model
 */
export function readRequestFields(
	context: IExecuteFunctions,
	itemIndex: number,
	{ options, lookUpModel: know }: Given,
): RequestFields {
	const model = readModel(context, itemIndex);
	const family = know(model);
	const quality = readText(context, 'quality', 'Quality', itemIndex);
	refuseUnlessOffered(context, itemIndex, family, quality);
	const size = readSize(context, itemIndex, family);
	return omitUndefined({
		model,
		prompt: readPrompt(context, itemIndex, options.text('style')?.trim()),
		size: size === 'auto' ? undefined : size,
		quality: quality === 'auto' ? undefined : quality,
		background: options.text('background'),
		moderation: options.text('moderation'),
		output_format: options.text('outputFormat'),
		output_compression: options.number('outputCompression', {
			label: 'Output Compression',
			min: 0,
			max: 100,
		}),
		complexity: options.text('complexity'),
		frame_count: options.number('frameCount', { label: 'GIF Frames', min: 2, max: 16 }),
		frame_duration_ms: options.number('frameDuration', {
			label: 'GIF Frame Duration',
			min: 20,
			max: 655_350,
		}),
		svg: readSvg(options),
		safety_identifier: options.text('safetyIdentifier'),
	});
}

function readSvg(options: Options): IDataObject | undefined {
	const [model, effort] = [options.text('svgModel'), options.text('svgEffort')];
	if (model === undefined && effort === undefined) return undefined;
	return { ...(model && { model }), ...(effort && { reasoning: { effort } }) };
}

function readModel(context: IExecuteFunctions, itemIndex: number): string {
	const value = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
	const model = checkText(context, value, 'Model', itemIndex).trim();
	if (model !== '') return model;
	throw parameterError(
		context,
		itemIndex,
		'Model is empty',
		'Choose a model from the list, or enter its id under By ID.',
	);
}

function readPrompt(context: IExecuteFunctions, itemIndex: number, style?: string): string {
	const text = readText(context, 'prompt', 'Prompt', itemIndex);
	if (text.trim() === '') {
		throw parameterError(
			context,
			itemIndex,
			'Prompt is empty',
			'Say in Prompt what the image should show. If it comes from an expression, check that the expression finds the text.',
		);
	}
	const prompt = !style ? text : `${text}\n\n${style}`;
	const characters = [...prompt].length;
	if (characters <= MAX_PROMPT_CHARACTERS) return prompt;
	const [has, fields] =
		style === undefined ? ['has', 'Prompt'] : ['with Style has', 'Prompt or Style'];
	throw parameterError(
		context,
		itemIndex,
		`Prompt ${has} ${characters} characters`,
		`Shorten ${fields} to at most ${MAX_PROMPT_CHARACTERS} characters.`,
	);
}

function readSize(
	context: IExecuteFunctions,
	itemIndex: number,
	family: ModelFamily | undefined,
): string {
	const choice = readText(context, 'size', 'Size', itemIndex);
	const edge = (label: 'Width' | 'Height') =>
		readNumber(
			context,
			label.toLowerCase(),
			{ label, min: 1, ...(family && { max: SIZE_RULE.maxEdge }) },
			itemIndex,
		);
	if (choice === 'custom' && family?.sizes === 'fixed') {
		throw parameterError(
			context,
			itemIndex,
			`Size Custom is not offered by ${family.id}`,
			`Set Size to ${FIXED_SIZES.join(', ')} or Auto, or choose a newer model.`,
		);
	}
	const size = choice === 'custom' ? `${edge('Width')}x${edge('Height')}` : choice;
	if (family && size !== 'auto' && !/^[1-9]\d*x[1-9]\d*$/.test(size)) {
		throw parameterError(
			context,
			itemIndex,
			`Size is ${JSON.stringify(size)}`,
			'Set Size to auto or to WIDTHxHEIGHT in pixels, e.g. 1536x1024.',
		);
	}
	const problem = sizeProblem(family, size);
	if (problem === undefined) return size;
	const { multipleOf, maxEdge, maxRatio, minPixels, maxPixels } = SIZE_RULE;
	throw parameterError(
		context,
		itemIndex,
		`Size ${size} ${problem}`,
		`Choose another Size. Custom sizes need multiples of ${multipleOf}, sides of at most ${maxEdge} pixels, at most ${maxRatio}:1, and ${minPixels} to ${maxPixels} pixels in all.`,
	);
}

function refuseUnlessOffered(
	context: IExecuteFunctions,
	itemIndex: number,
	family: ModelFamily | undefined,
	quality: string,
) {
	if (!family || family.qualities.some((offered) => offered === quality)) return;
	throw parameterError(
		context,
		itemIndex,
		`Quality ${quality} is not offered by ${family.id}`,
		`Set Quality to ${family.qualities.join(', ')}, or choose another model.`,
	);
}
