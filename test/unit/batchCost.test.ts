import { CostEstimator } from '../../nodes/GptImage/cost/estimator';
import { inBatch } from '../../nodes/GptImage/cost/tokenCost';
import { familyOf, MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';

const estimator = new CostEstimator(familyOf);

const priced = MODEL_FAMILIES.filter(({ outputTokens, prices }) => outputTokens && prices);

// OpenAI's price page, 2026-11-25, for 1,000 images of 1024x1024: $53 and $211 at once.
it.each([
	['medium', 26],
	['high', 105],
])('gpt-image-2 costs what OpenAI says, at quality %s', (quality, dollars) => {
	const fields = { model: 'gpt-image-2', quality, size: '1024x1024', prompt: '' };
	const request = { path: '/images/generations' as const, fields, images: [], asJson: true };
	const usd = estimator.estimate(request, undefined)?.usd ?? NaN;
	expect(Math.floor(1000 * inBatch(usd))).toBe(dollars);
});

it('has figures of several models', () => {
	expect(priced.length).toBeGreaterThan(3);
});

describe.each(priced.map(({ id, qualities }) => [id, qualities] as const))(
	'%s',
	(model, qualities) => {
		it.each(qualities)('costs half in a batch, to the cent, at quality %s', (quality) => {
			const request = {
				path: '/images/generations' as const,
				fields: {
					model,
					...(quality !== 'auto' && { quality }),
					size: '1024x1024',
					prompt: 'a fox',
					n: 10,
				},
				images: [],
				asJson: true,
			};
			const usd = estimator.estimate(request, undefined)?.usd ?? NaN;
			// A thousand requests, as a night's batch has them.
			const now = Array.from({ length: 1000 }, () => usd).reduce((all, one) => all + one, 0);
			const batch = Array.from({ length: 1000 }, () => inBatch(usd)).reduce(
				(all, one) => all + one,
				0,
			);
			expect(batch).toBeGreaterThan(0);
			expect(Math.abs(batch - now / 2)).toBeLessThan(0.01);
		});
	},
);
