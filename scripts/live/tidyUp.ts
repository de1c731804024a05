import { cancelBatch, isFinal, retrieveBatch } from '../../nodes/GptImage/openai/batches';
import { deleteFile } from '../../nodes/GptImage/openai/files';
import type { Caller } from './caller';

/** Cancels the batches that were created and have not ended, and deletes all files; says what it could not. */
export async function tidyUp(caller: Caller): Promise<void> {
	const { say } = caller.asked;
	const files = new Set(caller.madeBy('POST /files'));
	const batches = caller.madeBy('POST /batches');
	if (files.size + batches.length === 0) return;
	const attempt = async (what: string, work: () => Promise<void>) => {
		await work().catch((error: unknown) => say(`  ${what} is still there: ${String(error)}`));
	};
	await caller.work(async (session) => {
		for (const id of batches) {
			await attempt(id, async () => {
				const batch = await retrieveBatch(session, id);
				for (const file of [batch.outputFileId, batch.errorFileId]) if (file) files.add(file);
				if (isFinal(batch)) return;
				await cancelBatch(session, id);
				say(`  Cancelled ${id}`);
			});
		}
		for (const id of files) await attempt(id, async () => await deleteFile(session, id));
	});
	say(`  Deleted ${files.size} files`);
}
