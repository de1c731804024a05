import { childProcess, events, path, process } from '../node';
import { isRecord } from './body';

import { DEFAULT_PORT, readOptions, USAGE } from './cliOptions';

const TSX = path.resolve('node_modules/tsx/dist/cli.mjs');

async function start(...options: string[]) {
	const child = childProcess.spawn(process.execPath, [
		TSX,
		path.resolve('test/simulator/cli.ts'),
		...options,
	]);
	const [line]: unknown[] = await events.once(child.stdout, 'data');
	const told: unknown = JSON.parse(String(line));
	if (!isRecord(told)) throw new TypeError('no object');
	return { child, told };
}

it('tells where it listens, takes options and ends with its stdin', async () => {
	const { child, told } = await start(
		'--port',
		'0',
		'--api-key',
		'sk-other',
		'--today',
		'2026-12-01',
	);
	expect(told).toEqual({
		url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
		apiKey: 'sk-other',
		pid: expect.any(Number),
	});
	const response = await fetch(`${String(told.url)}/models`, {
		headers: { authorization: 'Bearer sk-other' },
	});
	const text = await response.text();
	expect(text).toContain('gpt-image-2.6-flare');
	expect(text).not.toContain('gpt-image-1.5');
	child.stdin.end();
	expect(await events.once(child, 'exit')).toEqual([0, null]);
});

it('ends on SIGTERM', async () => {
	const { child, told } = await start('--port', '0', '--draw', 'noise', '--image-bytes', '50000');
	process.kill(Number(told.pid), 'SIGTERM');
	expect(await events.once(child, 'exit')).toEqual([0, null]);
});

it('says so when its port is in use', async () => {
	const { child, told } = await start('--port', '0');
	const port = new URL(String(told.url)).port;
	const second = childProcess.spawn(process.execPath, [
		TSX,
		path.resolve('test/simulator/cli.ts'),
		'--port',
		port,
	]);
	const [words]: unknown[] = await events.once(second.stderr, 'data');
	expect(await events.once(second, 'exit')).toEqual([1, null]);
	expect(String(words)).toBe(`Port ${port} is in use. Choose another with --port.\n`);
	child.kill('SIGTERM');
	await events.once(child, 'exit');
});

it('listens where it always does when nothing is said', () => {
	expect(readOptions([])).toMatchObject({ port: DEFAULT_PORT });
	expect(readOptions(['--help'])).toBeUndefined();
	expect(USAGE).toContain(`default ${DEFAULT_PORT}`);
});

it('takes limits, a clock and files', () => {
	const args = ['--rate-limit-input-images', '4', '--clock-speed', '60', '--sample-file', 'file-a'];
	expect(readOptions(args)).toMatchObject({
		rateLimit: { images: undefined, inputImages: 4, windowMs: 60_000 },
		clockSpeed: 60,
		sampleFiles: ['file-a'],
	});
	expect(() => readOptions(['--port', 'x'])).toThrow(RangeError);
	expect(() => readOptions(['--draw', 'art'])).toThrow(RangeError);
	expect(() => readOptions(['--colour'])).toThrow("Unknown option '--colour'");
});
