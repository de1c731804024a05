import { Container } from '@n8n/di';
import { BinaryDataConfig } from 'n8n-core';
import { childProcess, crypto, fs, path, process } from '../../node';
import type { FaultCase } from './faultCase';
import { realProcess } from '../fuzz/realProcess';

/** Largest file while the disk is small, in bytes: more than a log of the tests, less than an image. */
const SMALL_DISK = 2 * 1024 * 1024;

/** Bytes of an image that such a disk does not hold. */
export const LARGE_IMAGE = 3 * 1024 * 1024;

/**
 * Breaks n8n's binary store on disk while `work` runs, and mends it afterwards.
 *
 * @param fault what is wrong with it; nothing when undefined
 */
export async function withStore<Result>(
	fault: FaultCase['store'],
	work: () => Promise<Result>,
): Promise<Result> {
	const restore = fault === undefined ? () => {} : breakStore(fault);
	return await work().finally(restore);
}

function breakStore(fault: NonNullable<FaultCase['store']>): () => void {
	if (fault === 'smallDisk') {
		limitFiles(String(SMALL_DISK));
		return () => limitFiles('unlimited');
	}
	const { localStoragePath: folder } = Container.get(BinaryDataConfig);
	const aside = `${folder}-aside`;
	fs.renameSync(folder, aside);
	fs.writeFileSync(folder, 'in the way');
	return () => {
		fs.rmSync(folder, { recursive: true });
		fs.renameSync(aside, folder);
	};
}

/** Has the kernel refuse larger files to this process, as a full disk would (Linux, without root). */
function limitFiles(bytes: string) {
	// Without a listener the signal that goes with it would end the process.
	const self = realProcess();
	if (self.listenerCount('SIGXFSZ') === 0) self.on('SIGXFSZ', () => {});
	childProcess.execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

/** SHA-256 of files of the store, hexadecimal. */
export async function storedSums(files: string[]): Promise<string[]> {
	const { localStoragePath } = Container.get(BinaryDataConfig);
	const read = files.map(async (file) => {
		const bytes = await fs.promises.readFile(path.join(localStoragePath, file));
		return crypto.createHash('sha256').update(bytes).digest('hex');
	});
	return await Promise.all(read);
}
