import { simulatedApi, type DemoApi } from '../demo/api';
import { PRICES_DATE } from '../../nodes/GptImage/models/prices';
import { cheapest } from './cheapest';
import { differencesOf } from './differences';
import { costOfAll, differenceTable, dollars, requestTable } from './report';
import { perform, type Extent } from './steps';

/** What to compare with the simulator. */
export interface Live {
	api: DemoApi;
	/** Id of a model; by default the one that costs least. */
	model?: string;
	/** Epoch milliseconds. */
	now: number;
	/** What is asked for besides images. */
	extent?: Extent;
	say(text: string): void;
	/** Aborts when the user interrupts; what was made is cancelled and deleted. */
	signal: AbortSignal;
}

/** A batch of the simulator takes twelve minutes by its own clock. */
const SIMULATED = { clockSpeed: 1800, wait: { minutes: 1, everyMs: 100 } };

/**
 * Has the node make an image and edit one at an API, which is paid for, and compares every answer with the
 * simulator's. What it will cost is said before; the simulator is asked for that.
 *
 * @returns whether everything went well and nothing is otherwise than in the simulator
 * @throws Error when the API cannot be reached or does not take the key; the reason of the signal
 */
export async function compareWithSimulator(live: Live): Promise<boolean> {
	const { api, model, now, extent = {}, say, signal } = live;
	const choice = cheapest(now, model);
	const simulated = await simulatedApi({ clockSpeed: SIMULATED.clockSpeed });
	say(`The same requests at the ${simulated.name}, to know what they cost:`);
	const expected = await perform(
		{ api: simulated, choice, say, signal },
		{ ...extent, batch: extent.batch && SIMULATED.wait },
	).finally(simulated.close);
	const count = 2 + (extent.files ? 1 : 0) + (extent.batch ? 2 : 0);
	say(
		`\n${count} images of ${choice.model}, ${choice.size}, quality low, cost about ` +
			`${dollars(costOfAll(expected))} USD: OpenAI's prices of ${PRICES_DATE}, the simulator's count of tokens.`,
	);
	say(`\nAt ${api.name}:`);
	const steps = await perform({ api, choice, say, signal }, extent);
	say(`\n${requestTable(steps)}`);
	say(`Cost: ${dollars(costOfAll(steps))} USD.`);
	const failed = steps.filter(({ json }) => json?.error !== undefined);
	for (const { name, json } of failed) say(`${name} failed: ${String(json?.error)}`);
	const { differences, compared } = await differencesOf(steps, expected);
	if (differences.length > 0) {
		say(`\nOtherwise than in the simulator:\n${differenceTable(differences)}`);
	}
	say(`\n${differences.length} of ${compared} facts about ${steps.length} answers differ.`);
	return failed.length === 0 && differences.length === 0;
}
