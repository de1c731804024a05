import type { Part } from '../part';
import { agent } from './agent';
import { agentEdits } from './agentEdits';
import { batch } from './batch';
import { batchQueue } from './batchQueue';
import { deliver } from './deliver';
import { editor } from './editor';
import { errors } from './errors';
import { examples } from './examples';
import { features } from './features';
import { install } from './install';
import { older } from './older';
import { queue } from './queue';
import { stop } from './stop';
import { upload } from './upload';
import { webhook } from './webhook';

/** The parts of the suite, in the order they run in. */
export const parts: Part[] = [
	install,
	webhook,
	upload,
	errors,
	stop,
	features,
	older,
	deliver,
	queue,
	batch,
	batchQueue,
	agent,
	agentEdits,
	examples,
	editor,
];
