import { childProcess, events, path, process } from '../node';
import { isRecord } from './body';

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
	const { child, told } = await start('--api-key', 'sk-other', '--today', '2026-12-01');
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
	const { child, told } = await start('--draw', 'noise', '--image-bytes', '50000');
	process.kill(Number(told.pid), 'SIGTERM');
	expect(await events.once(child, 'exit')).toEqual([0, null]);
});
