import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { keepRestProblem, maskProblem } from '../../images/composite/checks';
import type { InputImage } from '../../images/input/inputImage';
import { drawnMask, readOverlay } from '../../images/input/mask';
import { sizeText } from '../../images/scan/facts';
import { dataUrlLength } from '../../openai/body';
import {
	isFile,
	PATHS,
	type ApiRequest,
	type LinkedImage,
	type RequestImage,
} from '../../openai/request';
import type { Given, ImageWork } from '../operation';
import { readInputImages } from '../parameters/imageSources';
import { readMask, type MaskSettings } from '../parameters/mask';
import { readRequestFields } from '../parameters/request';

/** Longest `image_url` of a JSON edit, in characters (OpenAI API reference, createImageEdit). */
const MAX_DATA_URL = 20_971_520;

export const editWork: ImageWork = {
	takesImages: true,
	async request(context, itemIndex, given) {
		const { signal } = given;
		const { image, run } = given.options;
		const fidelity = image.text('inputFidelity');
		const fields = {
			...readRequestFields(context, itemIndex, given),
			...(fidelity !== undefined && { input_fidelity: fidelity }),
		};
		const settings = readMask(context, itemIndex, given.options);
		const markupField = image.value('markupBinaryPropertyName');
		const notImages = [settings?.field, markupField];
		const images = await readInputImages(context, itemIndex, notImages, signal);
		const [first] = images;
		const pictures = {
			images: images.map(pictureOf),
			mask: settings && (await readMaskFile(context, itemIndex, settings, first, signal)),
			markup:
				markupField === undefined
					? undefined
					: await readOverlay(context, itemIndex, 'markup', markupField, first, signal),
		};
		const asJson = run.flag('sendAsJson') || !pictures.images.every(isFile);
		if (asJson) refuseInJson(context, itemIndex, pictures);
		const request = { path: PATHS.edit, fields, ...pictures, asJson };
		const softEdge = settings?.softEdge;
		return softEdge === undefined
			? request
			: await keepingRest(context, itemIndex, given, { request, first, softEdge });
	},
};

/** What is needed to put an edit together with its first image. */
interface Kept {
	request: ApiRequest;
	first: InputImage | LinkedImage | undefined;
	/** Pixels. */
	softEdge: number;
}

/** Checks beforehand that the rest of the first image can be kept, and asks for an image of its size. */
async function keepingRest(
	context: IExecuteFunctions,
	itemIndex: number,
	{ options, lookUpModel, signal }: Given,
	{ request, first, softEdge }: Kept,
): Promise<ApiRequest> {
	const { model, size, output_format: outputFormat } = request.fields;
	const models = [String(model), options.run.text('fallbackModel')];
	const families = models.flatMap((name) => (name === undefined ? [] : [lookUpModel(name)]));
	const { mask } = request;
	const problem =
		keepRestProblem(first, { families, size, outputFormat }) ??
		(mask && isFile(mask) ? await maskProblem(mask, signal) : undefined);
	if (problem) throw parameterError(context, itemIndex, problem.problem, problem.remedy);
	const { stored } = first && 'facts' in first ? first.facts : {};
	if (!first || !('file' in first) || !mask || !isFile(mask) || !stored) return request;
	return {
		...request,
		fields: { ...request.fields, size: sizeText(stored) },
		keepRest: { first: first.file, mask, softEdge },
	};
}

type Pictures = Pick<ApiRequest, 'images' | 'mask' | 'markup'>;

const pictureOf = (image: InputImage | LinkedImage): RequestImage =>
	'link' in image ? image : image.file;

const readMaskFile = async (
	context: IExecuteFunctions,
	itemIndex: number,
	{ field, shapes, isInverted }: MaskSettings,
	first: InputImage | LinkedImage | undefined,
	signal?: AbortSignal,
) =>
	shapes
		? await drawnMask(context, itemIndex, shapes, isInverted, first, signal)
		: await readOverlay(context, itemIndex, 'mask', field, first, signal);

function refuseInJson(context: IExecuteFunctions, itemIndex: number, pictures: Pictures) {
	if (pictures.markup) {
		throw parameterError(
			context,
			itemIndex,
			'A markup does not go with image URLs, file IDs or Send as JSON',
			'Take the images from binary fields, or use a mask.',
		);
	}
	const files = [...pictures.images, pictures.mask].filter(
		(picture) => picture !== undefined && isFile(picture),
	);
	const large = files.find((file) => dataUrlLength(file) > MAX_DATA_URL);
	if (!large) return;
	throw parameterError(
		context,
		itemIndex,
		`The image ${large.fileName} has ${large.bytes} bytes, too many for a JSON request`,
		'With image URLs, file IDs or Send as JSON each other image may have up to 15.7 MB. Make it smaller, or upload it and give its URL.',
	);
}
