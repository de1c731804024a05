import { util } from '../node';
import type { SimulatorOptions } from './types';

/** Where it listens when no port is named: the same at each start, so that clients can keep it. */
export const DEFAULT_PORT = 4010;

const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	port: { type: 'string' },
	'api-key': { type: 'string' },
	today: { type: 'string' },
	draw: { type: 'string' },
	'image-bytes': { type: 'string' },
	'auto-size': { type: 'string' },
	'delay-ms': { type: 'string' },
	'partial-pause-ms': { type: 'string' },
	'rate-limit-images': { type: 'string' },
	'rate-limit-input-images': { type: 'string' },
	'rate-limit-window-ms': { type: 'string' },
	'max-images': { type: 'string' },
	'clock-speed': { type: 'string' },
	'batch-every-model': { type: 'boolean' },
	'sample-file': { type: 'string', multiple: true },
} as const;

export const USAGE = `A local OpenAI Images API, with files and batches, on 127.0.0.1.

  --port N                     TCP port (default ${DEFAULT_PORT}; 0 for any free one)
  --api-key KEY                the one key it accepts (default sk-simulator)
  --today YYYY-MM-DD           decides which models are shut down (default: today)
  --draw picture|noise         draw what was asked, or answer noise of a fixed size
  --image-bytes N              size of noise in bytes (default 1000000)
  --auto-size WxH              what size auto stands for (default 1024x1024)
  --delay-ms N                 how long an image takes
  --partial-pause-ms N         pause after each partial image of a stream
  --rate-limit-images N        more images than this in the window are refused with 429
  --rate-limit-input-images N  the same for images that are sent
  --rate-limit-window-ms N     the window (default 60000)
  --max-images N               credit: requests are refused once so many images were made
  --clock-speed N              seconds that pass for batches in one real second (default 1)
  --batch-every-model          takes batches of every model
  --sample-file ID             a file id that stands for a picture; may be given several times
`;

/** Reads the command line. @returns undefined when help was asked for @throws RangeError, TypeError */
export function readOptions(args?: string[]): SimulatorOptions | undefined {
	const { values } = util.parseArgs({ options: OPTIONS, args });
	if (values.help) return undefined;
	const { draw } = values;
	if (draw !== undefined && draw !== 'picture' && draw !== 'noise') {
		throw new RangeError(`--draw takes picture or noise, not ${draw}`);
	}
	const images = number(values['rate-limit-images']);
	const inputImages = number(values['rate-limit-input-images']);
	const windowMs = number(values['rate-limit-window-ms']) ?? 60_000;
	const limited = images !== undefined || inputImages !== undefined;
	return {
		port: number(values.port) ?? DEFAULT_PORT,
		apiKey: values['api-key'],
		today: values.today,
		draw,
		imageBytes: number(values['image-bytes']),
		autoSize: values['auto-size'],
		delayMs: number(values['delay-ms']),
		partialPauseMs: number(values['partial-pause-ms']),
		rateLimit: limited ? { images, inputImages, windowMs } : undefined,
		maxImages: number(values['max-images']),
		clockSpeed: number(values['clock-speed']),
		batchEveryModel: values['batch-every-model'],
		sampleFiles: values['sample-file'],
	};
}

function number(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d+$/.test(text)) throw new RangeError(`Not a whole number: ${text}`);
	return Number(text);
}
