import 'n8n-workflow';
import { process } from '../../test/node';

/** Prints how long the node and its credential take to load in a process that has n8n-workflow, in milliseconds. */
async function main() {
	const start = performance.now();
	await import('../../nodes/GptImage/GptImage.node.js');
	await import('../../credentials/OpenAiImagesApi.credentials');
	process.stdout.write(String(performance.now() - start));
}

void main();
