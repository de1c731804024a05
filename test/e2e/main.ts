import { delay, fs, os, path, process } from '../node';
import { parts } from './parts';
import { startNoMore, stopProcesses } from './processes';
import { closingReport, type PartResult } from './report';
import { Suite } from './suite';

const write = (text: string) => void process.stdout.write(text);
const say = (line: string) => write(`${line}\n`);

/** How long what is under way may take to end when the run is interrupted. */
const LEAVING_MS = 15_000;

/** What a part may be asked for besides: `--screenshots` has the editor's take pictures anew. */
const SWITCHES = ['--screenshots'];

/** Runs the parts that are named on the command line, or all. */
async function main(words: string[]): Promise<void> {
	const names = words.filter((word) => !SWITCHES.includes(word));
	const unknown = names.filter((name) => !parts.some((part) => part.name === name));
	if (unknown.length > 0) {
		say(
			`There is no part ${unknown.join(', ')}. The parts: ${parts.map(({ name }) => name).join(', ')}`,
		);
		process.exitCode = 2;
		return;
	}
	// Whatever makes temporary files makes them in here, and nothing stays.
	const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'gpt-image-e2e-'));
	await fs.promises.chmod(folder, 0o755);
	process.env.TMPDIR = folder;
	const suite = new Suite(say);
	const results: PartResult[] = [];
	const running = runAll(suite, names, results);
	const cleanUp = async () => {
		await suite.close();
		await stopProcesses();
		await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 3 });
	};
	let isLeaving = false;
	const leave = async (reason: string, code: number) => {
		if (isLeaving) return;
		isLeaving = true;
		startNoMore();
		say(`\n${reason}, cleaning up …`);
		suite.isHalted = true;
		await stopProcesses();
		// What was waiting for a process gets its turn to remove what it made.
		await Promise.race([running, delay(LEAVING_MS)]);
		await cleanUp();
		write(closingReport(results));
		process.exit(code);
	};
	process.once('SIGINT', () => void leave('Interrupted', 130));
	process.once('SIGTERM', () => void leave('Terminated', 143));
	process.once('SIGHUP', () => void leave('Terminated', 129));
	process.on('uncaughtException', (error) => void leave(`Failed: ${error.stack}`, 1));
	process.stdout.on('error', () => void cleanUp().then(() => process.exit(1)));
	await running;
	if (isLeaving) return;
	await cleanUp();
	write(closingReport(results));
	const failed = results.some(({ checks }) => checks.some(({ status }) => status === 'failed'));
	process.exit(failed ? 1 : 0);
}

async function runAll(suite: Suite, names: string[], results: PartResult[]): Promise<void> {
	for (const part of parts.filter(({ name }) => names.length === 0 || names.includes(name))) {
		if (suite.isHalted) return;
		results.push(await suite.run(part));
	}
}

void main(process.argv.slice(2));
