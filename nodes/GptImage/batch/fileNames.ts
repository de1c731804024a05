/** Whose file it is: the names of files are all that tells, until a batch uses them. */
export interface FileOwner {
	/** The run of the node; `undefined` where n8n does not tell runs apart. */
	run?: string;
	/** Equal for equal requests, whichever run makes them. */
	content: string;
}

const PREFIX = 'n8n-gpt-image';
const NO_RUN = '0'.repeat(16);
const PATTERN = /^n8n-gpt-image_([\da-f]{16})_([\da-f]{16})_(.+)$/;

/** So much of a hash stands in a name. */
const short = (hash: string) => hash.slice(0, 16);

/**
 * @param role what the file is, with its extension
 * @param sha256 of its bytes, in hexadecimal: files with the same name have the same contents
 */
export function fileNameOf(
	{ run, content }: FileOwner,
	kind: 'image' | 'input' | 'manifest' | 'rest',
	sha256: string,
	extension: string,
): string {
	const owner = [run === undefined ? NO_RUN : short(run), short(content)];
	return [PREFIX, ...owner, `${kind}-${sha256.slice(0, 32)}.${extension}`].join('_');
}

/** @returns whose file has this name, as far as a name tells; `undefined` for one that this node did not make */
export function readFileName(name: string) {
	const [, run, content, role] = PATTERN.exec(name) ?? [];
	if (run === undefined || content === undefined || role === undefined) return undefined;
	return { run: run === NO_RUN ? undefined : run, content, role };
}

/** Whose file it is as its name tells it: hashes are cut short. */
export type NamedOwner = NonNullable<ReturnType<typeof readFileName>>;

/** @returns whether a file was made for the same run of the node */
export const isOfRun = (named: NamedOwner, { run }: FileOwner) =>
	run !== undefined && named.run === short(run);

/** @returns whether a file was made for the same requests */
export const isOfContent = (named: NamedOwner, { content }: Pick<FileOwner, 'content'>) =>
	named.content === short(content);
