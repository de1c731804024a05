import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import type { Host } from './host';
import { Rest } from './rest';
import { startN8n, type N8n } from './server';
import type { CredentialReference } from './workflows';

/** An n8n with this package, a simulator of the API, and a credential that leads to it. */
export interface Rig {
	n8n: N8n;
	rest: Rest;
	simulator: Simulator;
	credential: CredentialReference;
	stop(): Promise<void>;
}

/** How a rig is started. */
export interface RigOptions {
	host: Host;
	/** The packed package. */
	tarball: string;
	/** Variables for n8n. */
	env?: Record<string, string>;
	simulator?: SimulatorOptions;
}

/** Starts a rig. What was started is stopped again when something fails. */
export async function startRig({
	host,
	tarball,
	env,
	simulator: options,
}: RigOptions): Promise<Rig> {
	const n8n = await startN8n({ host, env, packageTarball: tarball });
	const simulator = await startSimulator(options);
	const stop = async () => void (await Promise.all([n8n.stop(), simulator.close()]));
	const ready = async () => {
		const rest = await Rest.open(n8n.url);
		const credential = await simulatorCredential(rest, simulator);
		return { n8n, rest, simulator, credential, stop };
	};
	return await ready().catch(async (error: unknown) => {
		await stop();
		return await Promise.reject(error);
	});
}

/** A credential of the package's type that leads to a simulator. */
export async function simulatorCredential(
	rest: Rest,
	{ url: baseUrl, apiKey }: Pick<Simulator, 'url' | 'apiKey'>,
	name = 'Simulator',
): Promise<CredentialReference> {
	return await rest.createCredential(name, 'openAiImagesApi', {
		hasMore: true,
		baseUrl,
		apiKey,
	});
}
