import fc from 'fast-check';
import { quote } from '../../nodes/GptImage/errors/quote';
import { outputOptions } from '../../nodes/GptImage/operations/fields/outputOptions';
import { runOptions } from '../../nodes/GptImage/operations/fields/runOptions';
import { FieldValues } from '../../nodes/GptImage/operations/parameters/fieldValues';
import { recordSource } from '../../nodes/GptImage/operations/parameters/panelSource';
import { newNode } from '../harness/package';
import { gptImage } from '../harness';

const context = { getNode: () => newNode(gptImage, false) };

const run = (record: Record<string, unknown>) =>
	new FieldValues(context, 0, runOptions.options, recordSource(record, true));
const output = (record: Record<string, unknown>) =>
	new FieldValues(context, 0, outputOptions.options, recordSource(record, true));

it('a field is read by a name and a type that are declared, or does not compile', () => {
	expect(run({ maxCost: '2.5' }).number('maxCost')).toBe(2.5);
	// @ts-expect-error no field has this name
	expect(run({}).number('maxCosts')).toBeUndefined();
	// @ts-expect-error it is a text
	expect(run({}).number('fallbackModel')).toBeUndefined();
	// @ts-expect-error it stands in another collection
	expect(run({}).text('fileName')).toBeUndefined();
	// @ts-expect-error it is a number
	expect(() => output({}).flag('temporaryLink')).toThrow(/^Temporary Link is 60/);
});

it('what was not added has its default, where one holds', () => {
	expect(run({}).numberOrDefault('timeout')).toBe(600);
	expect(run({}).number('timeout')).toBeUndefined();
	expect(run({}).flag('keepAlive')).toBe(false);
	expect(output({}).flag('simplify')).toBe(true);
});

it('what was added is a number within the limits of the panel, or is refused', () => {
	fc.assert(
		fc.property(fc.anything(), (value) => {
			let read: number | undefined;
			try {
				read = run({ requestsInParallel: value }).number('requestsInParallel');
			} catch (error) {
				expect(String(error)).toMatch(/Requests in Parallel is /);
				expect(String(error).length).toBeLessThan(400);
				return;
			}
			expect(Number.isInteger(read)).toBe(true);
			expect(read).toBeGreaterThanOrEqual(1);
			expect(read).toBeLessThanOrEqual(50);
		}),
		{ numRuns: 2000 },
	);
});

it.each([
	['huge', '"huge"'],
	['x'.repeat(101), `"${'x'.repeat(100)}…" (101 characters)`],
	[NaN, 'NaN'],
	[undefined, 'undefined'],
	[null, 'null'],
	[12n, '12'],
	[{ a: 1, b: [12n] }, '{"a":1,"b":["12"]}'],
	[[], '[]'],
])('a message quotes %p as %s', (value, quoted) => {
	expect(quote(value)).toBe(quoted);
});

it('a quote is short, whatever it quotes', () => {
	const ring: Record<string, unknown> = {};
	ring.ring = ring;
	const trap = {
		get a() {
			throw new Error('no');
		},
	};
	const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [index, index]));
	for (const value of [
		ring,
		trap,
		wide,
		[ring],
		'é'.repeat(5_000_000),
		{ text: 'x'.repeat(1e6) },
	]) {
		expect(quote(value).length).toBeLessThan(140);
	}
	fc.assert(
		fc.property(fc.anything({ maxDepth: 4 }), (value) => {
			expect(quote(value).length).toBeLessThan(700);
		}),
	);
});
