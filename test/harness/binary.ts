import { userFolder } from './environment';
import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, prepareBinaryData } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import { fs, path } from '../node';

/** Where n8n keeps binary data: files on disk (its default) or base64 inside the items. */
export type BinaryMode = 'filesystem' | 'memory';

/** The workflow every run belongs to; n8n sorts stored files by it. */
export const workflowId = 'engine';

let ready: Promise<void> | undefined;

/** Switches n8n's binary store, for everything that is stored from now on. */
export async function useBinaryMode(mode: BinaryMode): Promise<void> {
	Container.get(BinaryDataConfig).mode = mode === 'memory' ? 'default' : 'filesystem';
	ready = Container.get(BinaryDataService).init();
	await ready;
}

/** Starts n8n's binary store (filesystem mode) unless it runs already. */
export async function binaryStoreReady(): Promise<void> {
	await (ready ?? useBinaryMode('filesystem'));
}

/**
 * Stores bytes as n8n does for an incoming file.
 * @returns what an item carries: `{ json: {}, binary: { data: await storeBinary(…) } }`
 */
export async function storeBinary(
	data: Buffer,
	fileName: string,
	mimeType: string,
): Promise<IBinaryData> {
	await binaryStoreReady();
	return await prepareBinaryData(data, 'input', workflowId, fileName, mimeType);
}

/** The bytes behind an item's binary data, in either mode. Throws when the stored file is gone. */
export async function readBinary(binary: IBinaryData): Promise<Buffer> {
	await binaryStoreReady();
	return await Container.get(BinaryDataService).getAsBuffer(binary);
}

/** Paths of all files in the store, half-written ones too; without n8n's `.metadata` beside them. */
export async function storedFiles(): Promise<string[]> {
	await binaryStoreReady();
	const { localStoragePath } = Container.get(BinaryDataConfig);
	const entries = await fs.promises.readdir(localStoragePath, {
		recursive: true,
		withFileTypes: true,
	});
	return entries
		.filter((entry) => entry.isFile() && !entry.name.endsWith('.metadata'))
		.map((entry) => path.relative(localStoragePath, path.join(entry.parentPath, entry.name)))
		.sort();
}

/**
 * Removes the store and n8n's settings of this process. Nothing can be run or read afterwards.
 * It happens by itself after the last test of a file and when a script ends.
 */
export async function cleanup(): Promise<void> {
	await fs.promises.rm(userFolder, { recursive: true, force: true });
}

if (typeof afterAll === 'function') afterAll(cleanup);
