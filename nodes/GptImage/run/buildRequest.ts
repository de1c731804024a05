import type { IExecuteFunctions } from 'n8n-workflow';
import { familyOf } from '../models/catalogue';
import { lifecycleOf } from '../models/lifecycle';
import { findProblem } from '../models/rules';
import type { ApiRequest } from '../openai/request';
import { parameterError } from '../errors/parameterError';
import { operations } from '../operations';
import type { Operation } from '../operations/operation';
import { readOptions } from '../operations/parameters/options';
import { problemOf } from './checks';
import { readItemSettings, type ItemSettings } from '../operations/parameters/itemSettings';
import type { Run } from './shared';

/** What one input item asks for, checked as far as that is possible without paying. */
export interface ItemRequest {
	itemIndex: number;
	operation: string;
	/** For all images of the item, without `n`. */
	request: ApiRequest;
	settings: ItemSettings;
	/** The model the user set, when the fallback takes its place. */
	fallbackFor?: string;
	/** What the user should know, though it can be done. */
	warning?: string;
}

/**
 * Reads and checks the parameters and inputs of one item.
 *
 * @throws NodeOperationError that names field and item
 */
export async function buildRequest(run: Run, itemIndex: number): Promise<ItemRequest> {
	const { context, connection } = run;
	const [name, operation] = findOperation(context, itemIndex);
	const options = readOptions(context, itemIndex);
	const settings = readItemSettings(context, itemIndex, options);
	const know = connection.isAzure ? () => undefined : familyOf;
	const request = await operation.request(context, itemIndex, { options, lookUpModel: know });
	const asked = { itemIndex, operation: name, request, settings };
	// The fallback may have to take the place of a model before anything else can be said.
	const order = connection.isAzure ? asked : { ...asked, ...checkLifecycle(context, asked) };
	const broken =
		findProblem(
			{
				fields: order.request.fields,
				images: settings.images,
				hasMask: request.mask !== undefined,
				hasMarkup: request.markup !== undefined,
				isStreamed: settings.partialImages !== undefined,
				isInSeries: run.settings.consistency !== undefined,
			},
			know,
		) ?? (await problemOf(run, order));
	if (broken) throw parameterError(context, itemIndex, broken.problem, broken.remedy);
	return order;
}

/**
 * @returns the operation's parameter value, and the operation
 * @throws NodeOperationError when it is none; n8n itself offers "Custom API Call"
 */
export function findOperation(context: IExecuteFunctions, itemIndex: number): [string, Operation] {
	const name = String(context.getNodeParameter('operation', itemIndex));
	const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
	if (operation) return [name, operation];
	throw parameterError(
		context,
		itemIndex,
		`Operation ${JSON.stringify(name)} is not one of this node`,
		'Choose Generate Image or Edit Image. For other calls use the HTTP Request node with this credential.',
	);
}

function checkLifecycle(
	context: IExecuteFunctions,
	{ itemIndex, request, settings }: ItemRequest,
): Partial<ItemRequest> {
	const model = String(request.fields.model);
	const life = lifecycleOf(model, Date.now());
	if (life.state === 'alive') return {};
	if (life.state === 'retiring') {
		return {
			warning: `${model} shuts down on ${life.date}. Choose ${life.replacement} before that day.`,
		};
	}
	const { fallbackModel } = settings;
	if (fallbackModel !== undefined && lifecycleOf(fallbackModel, Date.now()).state !== 'shutDown') {
		return withModel(request, fallbackModel, `${model} was shut down on ${life.date}`);
	}
	throw parameterError(
		context,
		itemIndex,
		`Model ${model} was shut down on ${life.date}`,
		`Choose ${life.replacement} as Model.`,
	);
}

/** @returns what changes in an order when its fallback model takes over */
export function withModel(request: ApiRequest, model: string, reason: string) {
	return {
		request: { ...request, fields: { ...request.fields, model } },
		fallbackFor: String(request.fields.model),
		warning: `${reason}, so ${model} was used. Set it as Model.`,
	};
}
