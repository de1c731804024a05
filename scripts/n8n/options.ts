import { util } from '../../test/node';

/** Where n8n is everywhere else. */
const N8N_PORT = 5678;

/** Beside n8n's own ports (5678, 5679), and always the same, so that a credential stays right. */
const SIMULATOR_PORT = 5690;

export interface Options {
	isLive: boolean;
	isFresh: boolean;
	/** TCP ports on 127.0.0.1. */
	port: number;
	simulatorPort: number;
}

export const USAGE = `npm run n8n                             n8n with this node, the examples and a simulator of the API
npm run n8n -- --live                   with OpenAI and OPENAI_API_KEY in its place; images are billed
npm run n8n -- --fresh                  forgets what was changed before
npm run n8n -- --port <port>            another port than ${N8N_PORT}
npm run n8n -- --simulator-port <port>  another port than ${SIMULATOR_PORT}

The first start installs n8n: 3 to 7 minutes, about 3 GB. Linux on x64.
`;

/**
 * @param args what stands on the command line
 * @returns what to do, or `undefined` when only help is wanted
 * @throws when an argument makes no sense
 */
export function readOptions(args: string[]): Options | undefined {
	const { values } = util.parseArgs({
		args,
		options: {
			live: { type: 'boolean', default: false },
			fresh: { type: 'boolean', default: false },
			port: { type: 'string', default: String(N8N_PORT) },
			'simulator-port': { type: 'string', default: String(SIMULATOR_PORT) },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) return undefined;
	return {
		isLive: values.live,
		isFresh: values.fresh,
		port: portOf('port', values.port),
		simulatorPort: portOf('simulator-port', values['simulator-port']),
	};
}

function portOf(name: string, text: string): number {
	const port = Number(text);
	if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
		throw new Error(`--${name} takes a number from 1 to 65535, not ${text}.`);
	}
	return port;
}
