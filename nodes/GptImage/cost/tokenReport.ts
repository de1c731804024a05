import { accumulateTokenUsage, type IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../values';

/**
 * Adds the tokens of an answer to those of the node's run, which n8n shows and evaluates.
 *
 * @param usage the `usage` of an answer; nothing is reported without one
 */
export function reportTokens(context: IExecuteFunctions, usage: unknown) {
	if (!isRecord(usage)) return;
	const { input_tokens: input, output_tokens: output } = usage;
	const isOffered = typeof accumulateTokenUsage === 'function' && 'setMetadata' in context;
	if (isOffered && typeof input === 'number' && typeof output === 'number') {
		accumulateTokenUsage(context, input, output);
	}
}
