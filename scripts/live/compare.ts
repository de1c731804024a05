import { simulatedApi, type DemoApi } from '../demo/api';
import { PRICES_DATE } from '../../nodes/GptImage/models/prices';
import { cheapest } from './cheapest';
import { differencesOf } from './differences';
import { costOfAll, differenceTable, dollars, requestTable } from './report';
import { perform } from './steps';

/** What to compare with the simulator. */
export interface Live {
	api: DemoApi;
	/** Id of a model; by default the one that costs least. */
	model?: string;
	/** Epoch milliseconds. */
	now: number;
	say(text: string): void;
}

/**
 * Has the node make an image and edit one at an API, which is paid for, and compares every answer with the
 * simulator's. What it will cost is said before; the simulator is asked for that.
 *
 * @returns whether everything went well and nothing is otherwise than in the simulator
 * @throws Error when the API cannot be reached or does not take the key
 */
export async function compareWithSimulator({ api, model, now, say }: Live): Promise<boolean> {
	const choice = cheapest(now, model);
	const simulated = await simulatedApi();
	say(`The same requests at the ${simulated.name}, to know what they cost:`);
	const expected = await perform(simulated, choice, say).finally(simulated.close);
	say(
		`\nTwo images of ${choice.model}, ${choice.size}, quality low, cost about ` +
			`${dollars(costOfAll(expected))} USD: OpenAI's prices of ${PRICES_DATE}, the simulator's count of tokens.`,
	);
	say(`\nAt ${api.name}:`);
	const steps = await perform(api, choice, say);
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
