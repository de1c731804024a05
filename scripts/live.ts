import { process, util } from '../test/node';
import { liveApi } from './demo/api';
import { compareWithSimulator } from './live/compare';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const NO_KEY = `OPENAI_API_KEY is not set. This asks the real API, and two small images are billed:
  OPENAI_API_KEY=sk-… npm run live
  OPENAI_API_KEY=sk-… npm run live -- gpt-image-2     another model than the cheapest
  OPENAI_API_KEY=sk-… npm run live -- --files         a file, too, and one image more
  OPENAI_API_KEY=sk-… npm run live -- --batch         a batch of two images, too; waits up to an hour for it
  OPENAI_API_KEY=sk-… npm run live -- --batch --minutes=600
Ctrl-C cancels the batch and deletes the files.
OPENAI_BASE_URL leads to a gateway instead, e.g. https://gateway.example.com/v1.`;

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')));

/** A batch is looked at every so many milliseconds. */
const LOOK_EVERY = 10_000;

/** Compares the real API with the simulator: 0 alike, 1 not alike or failed, 2 no key, 130 interrupted. */
async function main(): Promise<number> {
	const { values, positionals } = util.parseArgs({
		allowPositionals: true,
		options: {
			files: { type: 'boolean' },
			batch: { type: 'boolean' },
			minutes: { type: 'string', default: '60' },
		},
	});
	const minutes = Number(values.minutes);
	if (!(minutes > 0)) throw new Error(`--minutes=${values.minutes} is no number of minutes.`);
	const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl } = process.env;
	if (!key) {
		say(NO_KEY);
		return 2;
	}
	const api = liveApi(key, baseUrl || undefined);
	const isAlike = await compareWithSimulator({
		api,
		model: positionals[0],
		now: Date.now(),
		extent: {
			files: values.files,
			batch: values.batch ? { minutes, everyMs: LOOK_EVERY } : undefined,
		},
		say,
		signal: interrupted.signal,
	});
	return isAlike ? 0 : 1;
}

void main()
	.catch((error: unknown) => {
		say(error instanceof Error ? error.message : String(error));
		return interrupted.signal.aborted ? 130 : 1;
	})
	.then((code) => {
		process.exitCode = code;
	});
