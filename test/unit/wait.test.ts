import * as workflow from 'n8n-workflow';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { wait } from '../../nodes/GptImage/openai/retry/wait';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

it.each([1, 999, 1000, 1001, 3_600_000])('waits %i ms, no more and no less', async (ms) => {
	const waiting = follow(wait(ms, new Stop()));
	await pass(ms - 1);
	expect(waiting()).toBe('waiting');
	await pass(1);
	expect(waiting()).toBeUndefined();
});

it.each([0, -5])('does not wait %i ms', async (ms) => {
	await wait(ms, new Stop());
	expect(workflow.sleep).not.toHaveBeenCalled();
});

it('ends at once when it is stopped, with the reason', async () => {
	const stop = new Stop();
	const waiting = follow(wait(3_600_000, stop));
	await pass(1500);
	stop.reach('over');
	await pass(0);
	expect(waiting()).toEqual({ thrown: 'over' });
});

it('does not begin when it was stopped before', async () => {
	const stop = new Stop();
	stop.reach('over');
	await expect(wait(1000, stop)).rejects.toBe('over');
	expect(workflow.sleep).not.toHaveBeenCalled();
});

it('sleeps in slices of a second: an n8n that cannot wake anybody is told of a stop soon', async () => {
	const waiting = follow(wait(2500, new Stop()));
	await pass(2500);
	expect(waiting()).toBeUndefined();
	expect(jest.mocked(workflow.sleep).mock.calls).toEqual([[1000], [1000], [500]]);
});

it('leaves no listener behind', async () => {
	const stop = new Stop();
	const forgotten = jest.fn();
	const { listen } = stop;
	jest.spyOn(stop, 'listen').mockImplementation((listener) => {
		const forget = listen.call(stop, listener);
		return () => {
			forgotten();
			forget();
		};
	});
	const waiting = follow(wait(10, stop));
	await pass(10);
	expect(waiting()).toBeUndefined();
	expect(forgotten).toHaveBeenCalledTimes(1);
});
