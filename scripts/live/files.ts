import { deleteFile, uploadFile } from '../../nodes/GptImage/openai/files';
import { requestFile } from '../../test/support/batches';
import type { TestFile } from '../../test/support/pictures';
import type { Caller } from './caller';

/** The shortest life a file may have; it is deleted before. */
const AN_HOUR = 3600;

/** Uploads a picture that expires, edits it by its id, and deletes it. One image is paid for. */
export async function fileSteps(caller: Caller, { bytes, fileName }: TestFile): Promise<void> {
	const { say } = caller.asked;
	say('  Upload File');
	const { id } = await caller.work(
		async (session) => await uploadFile(session, requestFile(bytes, fileName), 'vision', AN_HOUR),
	);
	caller.record('Upload File');
	say('  Edit by File ID');
	const images = { image: [{ source: 'fileId', fileId: id }] };
	const [edited] = await caller.run({ operation: 'edit', images });
	caller.record('Edit by File ID', edited?.json, /^POST \/images\/edits$/);
	say('  Delete File');
	await caller.work(async (session) => await deleteFile(session, id));
	caller.record('Delete File');
}
