import Table from 'cli-table3';
import { childProcess, fs, path, process, repositoryRoot } from '../test/node';
import { makeClone, type Clone } from './commands/clone';
import { planFor } from './commands/plan';
import { commandsIn, unique } from './commands/read';
import { runCommand } from './commands/run';

const PAGES = ['README.md', 'CONTRIBUTING.md'];

const say = (text: string) => void process.stdout.write(`${text}\n`);
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

/**
 * Runs every command of the pages from a clean clone of the last commit: `npm run docs:commands`, with
 * `-- --all` the long ones too, with `-- lint simulator` only those that have one of these words in them.
 *
 * @returns whether all went well
 */
async function main(clone: Clone): Promise<boolean> {
	const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
	const all = process.argv.includes('--all');
	const read = (page: string) => fs.readFileSync(path.join(clone.folder, page), 'utf8');
	const commands = unique(PAGES.flatMap((page) => commandsIn(page, read(page))));
	const table = new Table({
		head: ['command', 'where', 'result', 'seconds'],
		colAligns: ['left', 'left', 'left', 'right'],
		style: { head: [], border: [] },
	});
	let [run, failed] = [0, 0];
	for (const [index, { text, where }] of commands.entries()) {
		if (interrupted.signal.aborted) break;
		const plan = planFor(text, all);
		const isWanted = words.length === 0 || words.some((word) => text.includes(word));
		if (plan.how === 'skip' || !isWanted) {
			const reason = plan.how === 'skip' ? plan.reason : 'was not asked for';
			table.push([text, where, `not run: ${reason}`, '']);
			continue;
		}
		say(`[${index + 1}/${commands.length}] ${text}`);
		const ready = plan.how === 'serve' ? plan.ready : undefined;
		const outcome = await runCommand(text, clone, interrupted.signal, ready);
		const { isWell, seconds, output } = outcome;
		run += 1;
		const changed = clone.restore();
		const result = [outcome.result, ...changed.map((file) => `changed ${file}`)].join('\n');
		say(`        ${result}, ${seconds.toFixed(0)} s`);
		if (!isWell) {
			failed += 1;
			say(output.replace(/^/gm, '        | '));
		}
		table.push([text, where, result, seconds.toFixed(0)]);
	}
	const left = commands.length - run;
	say(`\n${table.toString()}\n${run - failed} passed, ${failed} failed, ${left} not run.`);
	return failed === 0 && run > 0 && !interrupted.signal.aborted;
}

const uncommitted = childProcess
	.execFileSync('git', ['status', '--porcelain'], { cwd: repositoryRoot, encoding: 'utf8' })
	.trim();
if (uncommitted) say('What is not committed is not in the clone.');
const clone = makeClone(repositoryRoot);
void main(clone)
	.catch((error: unknown) => {
		say(error instanceof Error ? error.message : String(error));
		return false;
	})
	.then((isWell) => {
		clone.remove();
		process.exitCode = isWell ? 0 : 1;
	});
