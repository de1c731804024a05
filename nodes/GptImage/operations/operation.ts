import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { LookUpModel } from '../models/catalogue';
import type { ApiSession } from '../openai/callApi';
import type { ApiRequest } from '../openai/request';
import type { ItemOptions } from './parameters/options';

/** One entry of the Operation dropdown: what the panel shows. What it does is in `work.ts`. */
export interface Operation {
	/** Value of the parameter; no other operation of any resource has it. */
	value: string;
	/** Label in the panel. */
	name: string;
	/** What it does, without articles; the node is found by it in the editor. */
	action: string;
	description: string;
	/** Its own fields, in the order of the panel. */
	fields: INodeProperties[];
}

/** One entry of the Resource dropdown. */
export interface Resource {
	/** Value of the parameter. */
	value: string;
	/** Label in the panel. */
	name: string;
	/** In the order of the panel; the first is what the panel begins with. */
	operations: Operation[];
	/** What stands below the fields of each of its operations. */
	fields: INodeProperties[];
}

/** What is at hand when a request is built. */
export interface Given {
	options: ItemOptions;
	/** What is known of the item's model. */
	lookUpModel: LookUpModel;
	/** Ends the reading of files: the time of the item is over, or the execution was stopped. */
	signal?: AbortSignal;
}

/** How an operation makes images: what to ask the API for. How to ask is the business of `openai/`. */
export interface ImageWork {
	/** It starts from images; where they are those of all items, it is done once. */
	takesImages: boolean;
	/**
	 * Builds the request for all images of one item, without `n`.
	 *
	 * @throws NodeOperationError when a field of the item cannot be right
	 */
	request(context: IExecuteFunctions, itemIndex: number, given: Given): Promise<ApiRequest>;
}

/**
 * What an operation does with one input item and the batches that were submitted.
 *
 * @returns its output items
 * @throws NodeOperationError, {@link RequestFailure}, or the reason of the stop
 */
export type BatchWork = (
	context: IExecuteFunctions,
	session: ApiSession,
	itemIndex: number,
) => Promise<INodeExecutionData[]>;
