import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LookUpModel } from '../models/catalogue';
import type { ApiRequest } from '../openai/request';
import type { Options } from './parameters/options';

/** What is at hand when a request is built. */
export interface Given {
	/** The item's options. */
	options: Options;
	/** What is known of its model. */
	lookUpModel: LookUpModel;
}

/** One entry of the Operation dropdown: what to ask the API for. How to ask is the business of `openai/`. */
export interface Operation {
	/** Label in the panel. */
	name: string;
	/** What it does, without articles; the node is found by it in the editor. */
	action: string;
	description: string;
	/** Its fields, in the order of the panel. */
	fields: INodeProperties[];
	/**
	 * Builds the request for all images of one item, without `n`.
	 *
	 * @throws NodeOperationError when a field of the item cannot be right
	 */
	request(context: IExecuteFunctions, itemIndex: number, given: Given): Promise<ApiRequest>;
}
