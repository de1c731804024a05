import 'n8n-workflow';
import { process } from '../../test/node';

/** Prints how long files take to load in a process that has n8n-workflow, in milliseconds. */
async function main(files: string[]) {
	const start = performance.now();
	for (const file of files) await import(file);
	process.stdout.write(String(performance.now() - start));
}

void main(process.argv.slice(2));
