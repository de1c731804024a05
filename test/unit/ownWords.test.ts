import fc from 'fast-check';
import { withoutOwnWords } from '../../nodes/GptImage/errors/ownWords';

it.each([
	['the model gpt-image-9 does not exist', ['gpt-image-9'], 'the model does not exist'],
	['gpt-image-9', ['gpt-image-9'], ''],
	['gpt-image-9 is unknown', ['gpt-image-9'], 'is unknown'],
	['unknown: GPT-Image-9', ['gpt-image-9'], 'unknown:'],
	['see https://example.com/quota for more', [], 'see for more'],
])('of %j what %j had said is left out', (text, own, rest) => {
	expect(withoutOwnWords(text, own)).toBe(rest);
});

it.each([
	['a word that is part of another', 'the foxes ran', ['fox']],
	['a text of two letters', 'an ox ran', ['ox']],
	['nothing', 'no quota is left', ['']],
])('%s is left alone', (_, text, own) => {
	expect(withoutOwnWords(text, own)).toBe(text);
});

it('no twenty letters of a long prompt are left, wherever it is quoted and cut', () => {
	const letters = fc.string({
		unit: fc.constantFrom(...'abcdefghij klmno'),
		minLength: 21,
		maxLength: 200,
	});
	fc.assert(
		fc.property(letters, fc.nat(), fc.nat(), (given, from, length) => {
			const prompt = given.replace(/\s+/g, ' ').trim();
			const part = prompt.slice(from % prompt.length).slice(0, 20 + (length % 200));
			const rest = withoutOwnWords(`Error 429: "${part}" was refused`, [prompt]);
			for (let at = 0; at + 20 <= part.length; at++) {
				expect(rest).not.toContain(part.slice(at, at + 20));
			}
			expect(rest).toMatch(/^error 429: ".*" was refused$/);
		}),
	);
});
