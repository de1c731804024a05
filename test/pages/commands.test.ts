import { makeClone, type Clone } from '../../scripts/commands/clone';
import { planFor } from '../../scripts/commands/plan';
import { commandsIn, unique } from '../../scripts/commands/read';
import { runCommand } from '../../scripts/commands/run';
import { childProcess, fs, os, path } from '../node';
import { read } from '../support/sources';

describe('the commands of a page', () => {
	it('are the lines of shell blocks and inline code that begins with a program', () => {
		const text = [
			'Run `npm test`, not `testing`; `npm` alone is none. `A_KEY=1 npx jest a.ts` is.',
			'```sh',
			'npm run demo   # a comment',
			'# another',
			'',
			'$ npm run lint',
			'```',
			'```console',
			'$ node a.js',
			'what it says',
			'```',
			'```text',
			'npm run nothing',
			'```',
			'| `bash .ci/run` | `npm test` |',
		].join('\n');
		expect(unique(commandsIn('A.md', text))).toEqual([
			{ text: 'npm test', where: 'A.md:1' },
			{ text: 'A_KEY=1 npx jest a.ts', where: 'A.md:1' },
			{ text: 'npm run demo', where: 'A.md:3' },
			{ text: 'npm run lint', where: 'A.md:6' },
			{ text: 'node a.js', where: 'A.md:9' },
			{ text: 'bash .ci/run', where: 'A.md:15' },
		]);
	});

	it.each(['README.md', 'CONTRIBUTING.md'])('%s says what is typed into a shell', (page) => {
		expect(commandsIn(page, read(page)).length).toBeGreaterThan(5);
		const opening = [...read(page).matchAll(/^```(.*)$/gm)].filter((_, index) => index % 2 === 0);
		expect(opening.filter(([, language]) => language === '')).toEqual([]);
	});

	it.each([
		['npm run demo', 'run', 'run'],
		['npm test', 'run', 'run'],
		['npm run a-new-one', 'run', 'run'],
		['npm run bench -- --quick', 'skip', 'run'],
		['bash .ci/run', 'skip', 'run'],
		['npm run dev', 'skip', 'serve'],
		['npx tsx test/simulator/cli.ts', 'serve', 'serve'],
		['OPENAI_API_KEY=sk-… npm run demo -- --live', 'skip', 'skip'],
		['npm publish', 'skip', 'skip'],
	])('of which `%s` is planned as %s, with --all as %s', (command, how, howWithAll) => {
		expect([planFor(command, false).how, planFor(command, true).how]).toEqual([how, howWithAll]);
	});
});

describe('in a clone', () => {
	const source = fs.mkdtempSync(path.join(os.tmpdir(), 'repository-'));
	let clone: Clone;
	beforeAll(() => {
		fs.writeFileSync(path.join(source, 'README.md'), 'A page\n');
		const git = (...args: string[]) => childProcess.execFileSync('git', args, { cwd: source });
		git('init', '--quiet');
		git('add', '.');
		git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'First');
		clone = makeClone(source);
	});
	afterAll(() => {
		clone.remove();
		fs.rmSync(source, { recursive: true });
	});
	const run = async (text: string, ready?: RegExp) =>
		await runCommand(text, clone, new AbortController().signal, ready);

	it('a command sees the last commit, an empty home and none of npm’s own folders', async () => {
		const { isWell, output } = await run('ls -A README.md "$HOME" && echo "$PATH"');
		expect(isWell).toBe(true);
		expect(output).toMatch(/^README\.md\n\n.*home:\n\//);
		expect(output).not.toContain('node_modules');
	});

	it('one that fails is told with what it wrote last', async () => {
		const outcome = await run('echo so it is >&2; exit 3');
		expect(outcome).toMatchObject({ isWell: false, result: 'FAILED: 3', output: 'so it is' });
	});

	it('what one changes is told and taken back', async () => {
		await run('echo more >> README.md; echo new > NEW.md');
		expect(clone.restore()).toEqual(['README.md', 'NEW.md']);
		expect(clone.restore()).toEqual([]);
	});

	it('a server is ended with all it started as soon as it is ready', async () => {
		const file = path.join(source, 'pid');
		const started = `sleep 60 & echo $! > ${file}; echo listening; wait`;
		const { isWell, result } = await run(started, /listening/);
		expect([isWell, result]).toEqual([true, 'ok: started, ended']);
		const pid = fs.readFileSync(file, 'utf8').trim();
		// A process that is gone, or only waits to be buried.
		const { output } = await run(`ps -o stat= -p ${pid}`);
		expect(output).toMatch(/^(Z.*)?$/);
	});

	it('a server that ends before it is ready has failed', async () => {
		const { isWell, result } = await run('echo no', /listening/);
		expect([isWell, result]).toEqual([false, 'FAILED: ended with 0 before it was ready']);
	});

	it('a command ends when it is no longer wanted', async () => {
		const stop = new AbortController();
		const running = runCommand('sleep 60', clone, stop.signal);
		stop.abort();
		const { isWell, result, seconds } = await running;
		expect([isWell, result]).toEqual([false, 'FAILED: interrupted']);
		expect(seconds).toBeLessThan(20);
	});
});
