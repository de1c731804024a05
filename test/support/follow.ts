/**
 * Follows a promise without waiting for it.
 *
 * @returns what has become of it by now: `waiting`, its value, or what it threw as `{ thrown }`
 */
export function follow<Value>(
	promise: Promise<Value>,
): () => 'waiting' | Value | { thrown: unknown } {
	let state: 'waiting' | Value | { thrown: unknown } = 'waiting';
	promise.then(
		(value) => (state = value),
		(thrown: unknown) => (state = { thrown }),
	);
	return () => state;
}
