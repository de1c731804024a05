import { Stop } from '../../nodes/GptImage/openai/retry/stop';

it('tells everyone who listens, once, with the first reason', () => {
	const stop = new Stop();
	const [one, other] = [jest.fn(), jest.fn()];
	stop.listen(one);
	stop.listen(other);
	stop.reach('first');
	stop.reach('second');
	expect([one.mock.calls.length, other.mock.calls.length]).toEqual([1, 1]);
	expect([stop.isReached, stop.reason]).toEqual([true, 'first']);
	expect(() => stop.throwIfReached()).toThrow('first');
});

it('is not reached at first', () => {
	const stop = new Stop();
	expect([stop.isReached, stop.reason]).toEqual([false, undefined]);
	expect(() => stop.throwIfReached()).not.toThrow();
});

it('tells who comes too late at once', () => {
	const stop = new Stop();
	stop.reach(undefined);
	const late = jest.fn();
	stop.listen(late);
	expect(late).toHaveBeenCalledTimes(1);
	expect(stop.isReached).toBe(true);
});

it('tells nobody who has stopped listening, also not one who does so while others are told', () => {
	const stop = new Stop();
	const gone = jest.fn();
	stop.listen(gone)();
	const forget: Array<() => void> = [];
	stop.listen(() => forget[0]?.());
	const heard = jest.fn();
	forget.push(stop.listen(heard));
	stop.reach('over');
	expect(gone).not.toHaveBeenCalled();
	// He was listening when it was reached.
	expect(heard).toHaveBeenCalledTimes(1);
});

it('has room for any number of listeners without a warning', () => {
	const stop = new Stop();
	const listeners = Array.from({ length: 1000 }, () => jest.fn());
	for (const listener of listeners) stop.listen(listener);
	stop.reach('over');
	expect(listeners.every(({ mock }) => mock.calls.length === 1)).toBe(true);
});
