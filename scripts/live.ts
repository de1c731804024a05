import { process } from '../test/node';
import { liveApi } from './demo/api';
import { compareWithSimulator } from './live/compare';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const NO_KEY = `OPENAI_API_KEY is not set. This asks the real API, and two small images are billed:
  OPENAI_API_KEY=sk-… npm run live
  OPENAI_API_KEY=sk-… npm run live -- gpt-image-2     another model than the cheapest
OPENAI_BASE_URL leads to a gateway instead, e.g. https://gateway.example.com/v1.`;

/** Compares the real API with the simulator: 0 alike, 1 not alike or failed, 2 no key. */
async function main(): Promise<number> {
	const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl } = process.env;
	if (!key) {
		say(NO_KEY);
		return 2;
	}
	const api = liveApi(key, baseUrl || undefined);
	const isAlike = await compareWithSimulator({
		api,
		model: process.argv[2],
		now: Date.now(),
		say,
	});
	return isAlike ? 0 : 1;
}

void main()
	.catch((error: unknown) => {
		say(error instanceof Error ? error.message : String(error));
		return 1;
	})
	.then((code) => {
		process.exitCode = code;
	});
