/** Who is measured. */
export type Contestant = 'gptImage' | 'builtIn' | 'httpRequest' | 'least' | 'sdk' | 'floor';

/** `collect` fetches the images of a batch, `submit` has all items made in one: edits, where there is a mask. */
export type Operation = 'generate' | 'edit' | 'collect' | 'submit';

/** One thing to do, the same for every contestant. */
export interface Job {
	operation: Operation;
	/** Base URL of the API. */
	url: string;
	apiKey: string;
	/** n8n items, or calls in a script; each is one request. */
	items: number;
	/** Images per request. */
	n: number;
	/** Path of a PNG to edit. */
	input: string;
	/** How often the input goes into each request. */
	inputs: number;
	/** Requests in Parallel of this node; its default when left out. */
	concurrency?: number;
	/** A mask in the middle of the first input; `exact` leaves the rest as it is to the last pixel. */
	mask?: 'free' | 'exact';
	/** The batch to collect. */
	batchId?: string;
	/** How many images come back; of what is submitted, none do. */
	results?: number;
	/** Size of each image that comes back, in bytes; any when it is left out. */
	imageBytes?: number;
}

/** What a measuring process is given. */
export interface Assignment {
	contestant: Contestant;
	/** Small, so that everything is loaded before the measurement begins. */
	warmUp: Job;
	job: Job;
}

/** What a measuring process found. */
export interface Measurement {
	wallMs: number;
	/** User and system time of the process, all its threads. */
	cpuMs: number;
	/** Resident memory after the warm-up, garbage collected. */
	idleBytes: number;
	/** Highest resident memory of the job, less the idle memory. */
	peakBytes: number;
	/** How the peak was found. */
	peakFrom: 'VmHWM' | 'samples';
}

/** Prepares a job (files in place, nothing sent) and returns what does it: the sizes of the images made. */
export type Prepare = (job: Job) => Promise<() => Promise<number[]>>;

/** The model every contestant asks for. */
export const MODEL = 'gpt-image-2';

/** The prompt every contestant sends. */
export const PROMPT = 'A lighthouse in the fog';
