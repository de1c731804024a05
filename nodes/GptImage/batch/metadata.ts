import { MAX_METADATA_CHARACTERS, type Batch } from '../openai/batches';

/** By this a batch is known as one of this node. */
const MARKER = 'n8n-nodes-gpt-image';

/** Of what the manifest holds; raised when an older version could not read it. */
const VERSION = '1';

/** What a batch of this node says about itself: all that is known of it lies at OpenAI. */
export interface BatchMetadata {
	/** The user's name for it. */
	name: string;
	/** The file that has what its results need. */
	manifest: string;
	/** Equal for equal requests. */
	fingerprint: string;
	/** Names the files that belong to it. */
	content: string;
	/** The run of the node that has made it; `undefined` where n8n does not tell runs apart. */
	run?: string;
	/** Which of the run's batches it is, e.g. `2/3`. */
	part: string;
	workflow?: string;
	execution?: string;
	/** Edits of it are to keep the rest of their first image; which, the manifest tells. */
	keepRest?: 'yes';
}

/** @returns the pairs for the API, as it takes them */
export function toMetadata(said: BatchMetadata): Record<string, string> {
	const all: Record<string, string | undefined> = { node: MARKER, version: VERSION, ...said };
	return Object.fromEntries(
		Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, fit(value)]])),
	);
}

/** @returns what a batch says about itself; `undefined` for one that this node did not make */
export function readMetadata({ metadata }: Pick<Batch, 'metadata'>): BatchMetadata | undefined {
	if (metadata.node !== MARKER) return undefined;
	const { name = '', manifest = '', fingerprint = '', content = '', part = '' } = metadata;
	const { run, workflow, execution } = metadata;
	const keepRest = metadata.keepRest === undefined ? undefined : 'yes';
	return { name, manifest, fingerprint, content, part, run, workflow, execution, keepRest };
}

/** By code points: half of a pair is no character. */
const fit = (text: string) => [...text].slice(0, MAX_METADATA_CHARACTERS).join('');
