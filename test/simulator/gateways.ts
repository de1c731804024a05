import { azure } from './gateways/azure';
import type { Gateway, GatewayAnswer, Trouble } from './gateways/gateway';
import { newApi } from './gateways/newApi';
import { cloudflareJson, cloudflarePage, nginx, plain } from './gateways/proxies';
import { liteLlm, openRouter } from './gateways/relays';
import { apim, fastApi, wrapped } from './gateways/servers';
import type { Fault } from './types';

/**
 * Other servers that people put between themselves and OpenAI, or in its place, each with what it
 * answers when something goes wrong and how it hands images on. Shapes and words are from public
 * issues and answers of 2024 to 2026; where a server lets its owner word a trouble, one wording stands
 * for all.
 */
export const GATEWAYS = {
	fastApi,
	cloudflarePage,
	cloudflareJson,
	apim,
	openRouter,
	liteLlm,
	newApi,
	azure,
	nginx,
	plain,
	wrapped,
} satisfies Record<string, Gateway>;

export type GatewayName = keyof typeof GATEWAYS;

/** All names of the table. */
export const GATEWAY_NAMES = Object.keys(GATEWAYS).filter(isGatewayName);

/** True for a name of the table. */
export function isGatewayName(name: unknown): name is GatewayName {
	return typeof name === 'string' && name in GATEWAYS;
}

/** Everything a gateway answers to a trouble, each as a fault to queue. */
export function gatewayFaults(
	name: GatewayName,
	trouble: Trouble,
): Array<{ fault: Fault; answer: GatewayAnswer }> {
	return GATEWAYS[name].troubles[trouble].map((answer) => {
		const { status, body, headers } = answer;
		return { fault: { status, body, ...(headers && { headers }) }, answer };
	});
}
