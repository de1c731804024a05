import { childProcess, events, path, process, repositoryRoot, util } from '../node';
import { gate, until } from '../support/events';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator({ draw: 'noise', imageBytes: 6000 });

it('leaves no warning in the log of n8n, however many requests are under way', async () => {
	// In a process of its own: jest keeps Node's warnings to itself.
	const { stderr } = await util.promisify(childProcess.execFile)(
		process.execPath,
		['--import', 'tsx', path.join(repositoryRoot, 'test/support/wideRun.ts')],
		{ cwd: repositoryRoot },
	);
	expect(stderr).not.toContain('Warning');
});

it('takes its listeners off the signal of the execution', async () => {
	const stop = new AbortController();
	const listeners = () => events.getEventListeners(stop.signal, 'abort').length;
	const { opened, open } = gate();
	simulator.api.misbehave({ until: opened, times: Infinity });
	const run = simulator.run({
		parameters: { prompt: 'A fox' },
		items: [{ json: {} }, { json: {} }],
		signal: stop.signal,
	});
	await until(() => simulator.api.stats().running === 2);
	expect(listeners()).toBeGreaterThan(0);
	open();
	await run;
	expect(listeners()).toBe(0);
});
