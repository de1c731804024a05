import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readOptions } from './options';

/** What of an input item goes on with what comes of it. */
export type PassedOn = Partial<Pick<INodeExecutionData, 'binary' | 'json'>>;

/**
 * Reads Include Other Input Fields and Include Input Binary Data for an item that has failed: what is wrong with it may
 * be another parameter, or these.
 *
 * @returns nothing of it where the options cannot be read
 */
export function readPassedOn(context: IExecuteFunctions, itemIndex: number): PassedOn {
	const input = context.getInputData()[itemIndex];
	try {
		const { output } = readOptions(context, itemIndex);
		return {
			...(output.flag('includeOtherFields') && { json: input?.json }),
			...(output.flag('includeInputBinary') && { binary: input?.binary }),
		};
	} catch {
		return {};
	}
}
