import { lock } from '../../scripts/n8n/lock';
import { readOptions, USAGE } from '../../scripts/n8n/options';
import { duration, showProgress, type Screen } from '../../scripts/n8n/progress';
import { isFree } from '../e2e/ports';
import { childProcess, events, fs, net, os, path, process, repositoryRoot } from '../node';

describe('the arguments of npm run n8n', () => {
	it('may all be left out', () => {
		expect(readOptions([])).toEqual({
			isLive: false,
			isFresh: false,
			port: 5678,
			simulatorPort: 5690,
		});
	});

	it('change what they name', () => {
		expect(readOptions(['--live', '--fresh', '--port', '6000', '--simulator-port=6001'])).toEqual({
			isLive: true,
			isFresh: true,
			port: 6000,
			simulatorPort: 6001,
		});
	});

	it.each([['--help'], ['-h']])('ask for help with %s, and nothing is started', (word) => {
		expect(readOptions([word, '--live'])).toBeUndefined();
	});

	it.each([
		['--prot', '80'],
		['fresh'],
		['--port'],
		['--port', '0'],
		['--port', '70000'],
		['--simulator-port', 'x'],
	])('are refused when they make no sense: %s %s', (...args) => {
		expect(() => readOptions(args)).toThrow(args[0]);
	});

	it('are all in the help', () => {
		for (const word of ['--live', '--fresh', '--port', '--simulator-port']) {
			expect(USAGE).toContain(word);
		}
	});
});

describe('the folder of npm run n8n', () => {
	let folder: string;
	const file = () => path.join(folder, 'running');
	beforeEach(async () => {
		folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'lock-'));
	});
	afterEach(async () => await fs.promises.rm(folder, { recursive: true, force: true }));

	it('is one process’s, which is told with its address, until that lets others in', async () => {
		const unlock = await lock(file(), 'http://127.0.0.1:5678');
		await expect(lock(file(), 'http://127.0.0.1:1')).rejects.toThrow(
			`http://127.0.0.1:5678\nEnd it with Ctrl-C where it was started, or with: kill ${process.pid}`,
		);
		await unlock();
		await (
			await lock(file(), 'http://127.0.0.1:1')
		)();
		expect(fs.existsSync(file())).toBe(false);
	});

	it('is free again when the process has ended without a word', async () => {
		const module = path.join(repositoryRoot, 'scripts/n8n/lock.ts');
		const script = `require(process.argv[1]).lock(process.argv[2], 'a').then(() => process.kill(process.pid, 'SIGKILL'))`;
		const args = ['--import', 'tsx', '-e', script, module, file()];
		const child = childProcess.spawn(process.execPath, args, { cwd: repositoryRoot });
		await events.once(child, 'exit');
		expect(JSON.parse(fs.readFileSync(file(), 'utf8'))).toMatchObject({ address: 'a' });
		await (
			await lock(file(), 'b')
		)();
	});

	it('is free when another process has the number of the one that ended', async () => {
		const { pid } = process;
		fs.writeFileSync(file(), JSON.stringify({ pid, began: '1', address: 'a' }));
		await (
			await lock(file(), 'b')
		)();
	});

	it.each(['', 'null', '17', '{"pid":1}', 'not JSON'])(
		'is free when the file says %j',
		async (text) => {
			fs.writeFileSync(file(), text);
			await (
				await lock(file(), 'b')
			)();
		},
	);
});

describe('a port', () => {
	it('is free unless somebody listens', async () => {
		const server = net.createServer().listen(0, '127.0.0.1');
		await events.once(server, 'listening');
		const address = server.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		expect(await isFree(port)).toBe(false);
		server.close();
		await events.once(server, 'close');
		expect(await isFree(port)).toBe(true);
	});
});

describe('progress', () => {
	/** Work that ends after some pauses, each as long as it is asked for. */
	async function follow(screen: Omit<Screen, 'write'>, pauses: number, fails = false) {
		jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
		const written: string[] = [];
		const end = new events();
		const work = events.once(end, 'end').then(([result]) => String(result));
		let left = pauses;
		const pause = async (ms: number) => {
			jest.setSystemTime(Date.now() + ms);
			left -= 1;
			if (left >= 0) return;
			if (fails) end.emit('error', new Error('broken'));
			else end.emit('end', 'result');
			await work;
		};
		const result = showProgress(
			{ ...screen, write: (text) => written.push(text) },
			'Installing',
			work,
			() => `${pauses - left} packages`,
			pause,
		);
		return { result: await result.catch((error: Error) => error.message), written };
	}
	afterEach(() => jest.useRealTimers());

	it('is a line now and then in a log', async () => {
		expect(await follow({}, 2)).toEqual({
			result: 'result',
			written: [
				'Installing …\n',
				'Installing …  1 packages  30 s\n',
				'Installing …  2 packages  1 min 0 s\n',
				'Installing: done in 1 min 30 s\n',
			],
		});
	});

	it('is one line in a terminal, written anew each second and never wider than that', async () => {
		const { written } = await follow({ isTTY: true, columns: 20 }, 1);
		expect(written).toEqual([
			'\r\x1b[KInstalling …',
			'\r\x1b[KInstalling …  1 pac',
			'\r\x1b[KInstalling: done in',
			'\n',
		]);
	});

	it('leaves a failure to the caller', async () => {
		expect(await follow({ isTTY: true }, 0, true)).toEqual({
			result: 'broken',
			written: ['\r\x1b[KInstalling …', '\n'],
		});
	});

	it.each([
		[0, '0 s'],
		[59_400, '59 s'],
		[59_600, '1 min 0 s'],
		[125_000, '2 min 5 s'],
	])('writes %d ms as %s', (ms, text) => {
		expect(duration(ms)).toBe(text);
	});
});
