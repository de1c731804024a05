import fc from 'fast-check';
import type { IBinaryData, INodeProperties } from 'n8n-workflow';
import { fileHeads } from './fileHeads';

/** Values of every kind that an expression can give. */
export const anything = fc.oneof(
	fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 1.5, 1e308, '', ' ', '0', 'true', [], {}),
	fc.constantFrom(
		'__proto__',
		'constructor',
		'preexisting ENOENT',
		'../../etc/passwd',
		'😀',
		'\ud800',
	),
	fc.double(),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.string({ unit: 'grapheme', maxLength: 40 }),
	fc.jsonValue({ maxDepth: 2 }),
	fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
);

/** Mostly what the field offers, or a number near its limits; now and then anything. */
export function valueOf(field: INodeProperties): fc.Arbitrary<unknown> {
	const offered = (field.options ?? []).flatMap((option) =>
		'value' in option ? [option.value] : [],
	);
	const { minValue = 0, maxValue = minValue + 10 } = field.typeOptions ?? {};
	return fc.oneof(
		{ weight: 2, arbitrary: fc.constantFrom<unknown>(...offered, field.default) },
		{ weight: 1, arbitrary: fc.integer({ min: minValue - 1, max: Math.min(maxValue + 1, 20) }) },
		{ weight: 2, arbitrary: anything },
	);
}

const head = fc.constantFrom(...fileHeads);

/** A binary field whose data is inside the item: a picture, the beginning of one, or any bytes. */
export const binary: fc.Arbitrary<IBinaryData> = fc
	.record({
		bytes: fc.oneof(
			fc.tuple(head, fc.uint8Array({ maxLength: 80 })).map((parts) => Buffer.concat(parts)),
			fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
		),
		mimeType: fc.constantFrom('', 'image/png', 'image/jpeg', 'text/html', 'nonsense'),
		fileName: fc.oneof(fc.constant(undefined), fc.string({ unit: 'binary', maxLength: 20 })),
		id: fc.constantFrom(undefined, undefined, 'filesystem-v2:gone', 'nonsense', ''),
	})
	.map(({ bytes, id, ...rest }) => ({
		...rest,
		data: bytes.toString('base64'),
		...(id !== undefined && { id }),
	}));
