import type { E2e, Part } from '../part';
import { startRig } from '../rig';
import { agent2 } from './agent';
import { agentEdits2 } from './agentEdits';
import { batch } from './batch';
import { errors } from './errors';
import { features } from './features';
import { install } from './install';
import { stop } from './stop';
import { upload } from './upload';
import { webhook } from './webhook';

const VERSION = '1.123';

/** The same package in an older n8n, on Node 20: the parts that need nothing but n8n, once more. */
export const older: Part = {
	name: 'older',
	run: async (e2e) => {
		const host = await e2e.host(VERSION);
		e2e.say(`Starting n8n ${VERSION} …`);
		const rig = await startRig({ host, tarball: await e2e.tarball() });
		e2e.defer(rig.stop);
		for (const part of [
			install,
			webhook,
			upload,
			errors,
			stop,
			features,
			agent2,
			agentEdits2,
			batch,
		]) {
			await part.run({
				...e2e,
				check: async (name, ...more) => await e2e.check(`${part.name}: ${name}`, ...more),
				host: async () => host,
				rig: async () => rig,
			} satisfies E2e);
		}
	},
};
