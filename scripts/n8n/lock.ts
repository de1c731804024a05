import { jsonParse } from 'n8n-workflow';
import { fs, process } from '../../test/node';

/** Who works in a folder of data. */
interface Holder {
	pid: number;
	/** When that process began, in the system's own words: numbers of processes come again. */
	began: string;
	/** Where it can be reached. */
	address: string;
}

/**
 * Makes sure that only one process works in a folder of data.
 *
 * @param file tells which one
 * @param address where this process can be reached
 * @returns what lets others in again
 * @throws when another process works there, with its address
 */
export async function lock(file: string, address: string): Promise<() => Promise<void>> {
	const holder = await read(file);
	if (holder && beginOf(holder.pid) === holder.began) {
		throw new Error(
			`It runs already: ${holder.address}\nEnd it with Ctrl-C where it was started, or with: kill ${holder.pid}`,
		);
	}
	await fs.promises.rm(file, { force: true });
	const own: Holder = { pid: process.pid, began: beginOf(process.pid) ?? '', address };
	// "wx": of two that start at once, one fails.
	await fs.promises.writeFile(file, JSON.stringify(own), { flag: 'wx' });
	return async () => await fs.promises.rm(file, { force: true });
}

/** @returns `undefined` when the file is missing, or not written to its end */
async function read(file: string): Promise<Holder | undefined> {
	const text = await fs.promises.readFile(file, 'utf8').catch(() => '');
	const holder = jsonParse<Partial<Holder> | null>(text, { fallbackValue: {} });
	const { pid, began, address } = holder ?? {};
	return pid && began && address ? { pid, began, address } : undefined;
}

/** @returns when a process began (proc_pid_stat(5), field 22), or `undefined` when there is none */
function beginOf(pid: number): string | undefined {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field, the name, may have blanks in it; the third follows the last bracket.
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
	} catch {
		return undefined;
	}
}
