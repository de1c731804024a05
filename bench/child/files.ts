import { fs, os, path } from '../../test/node';

let folder: string | undefined;

/** Where a script without n8n writes an image; the folder goes with the temporary folder of the run. */
export function outputFile(index: number): string {
	folder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'images-'));
	return path.join(folder, `${index}.png`);
}
