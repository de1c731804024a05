import { fs, process } from '../../test/node';

/**
 * Makes sure that only one process works in a folder of data.
 * @param file tells which one: it holds the process ID
 * @returns what lets others in again
 * @throws when another process works there
 */
export async function lock(file: string): Promise<() => Promise<void>> {
	const holder = await fs.promises.readFile(file, 'utf8').then(Number, () => undefined);
	if (holder !== undefined && isRunning(holder)) {
		throw new Error(`It runs already: end process ${holder} first.`);
	}
	await fs.promises.writeFile(file, String(process.pid));
	return async () => await fs.promises.rm(file, { force: true });
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
