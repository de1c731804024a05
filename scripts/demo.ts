import { fs, path, process, repositoryRoot } from '../test/node';
import { liveApi, simulatedApi } from './demo/api';
import { printTable } from './demo/table';
import { runDemo } from './demo/workflows';

const folder = path.join(repositoryRoot, 'demo-output');
const write = (text: string) => void process.stdout.write(text);
const say = (line: string) => write(`${line}\n`);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
process.stdout.on('error', () => stop.abort());

/** Runs the example workflows through n8n's engine and shows what came out. */
async function main() {
	const live = process.argv.includes('--live');
	const key = process.env.OPENAI_API_KEY;
	if (live && !key) {
		say('OPENAI_API_KEY is not set. The demo against the real API needs a key, and is billed:');
		say('  OPENAI_API_KEY=sk-… npm run demo -- --live');
		say('Without --live it talks to a local simulator and needs none.');
		process.exitCode = 1;
		return;
	}
	const api = live && key ? liveApi(key) : await simulatedApi();
	say(`API: ${api.name}`);
	await fs.promises.rm(folder, { recursive: true, force: true });
	await fs.promises.mkdir(folder);
	const images = await runDemo({ api, folder, write, signal: stop.signal }).finally(api.close);
	printTable(images, write);
	say(`The images are in ${path.relative(process.cwd(), folder) || '.'}/`);
}

void main().catch((error: unknown) => {
	say(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = stop.signal.aborted ? 130 : 1;
});
