import type { IExecuteFunctions } from 'n8n-workflow';
import type { Shape } from '../../images/input/shapes';
import { parameterError } from '../../errors/parameterError';
import { MASK_SOURCES, maskFields, shapeFields } from '../fields/mask';
import type { FieldValues } from './fieldValues';
import type { ItemOptions } from './options';

/** Where the first image of an edit may change. */
export interface MaskSettings {
	/** Name of a binary field, or a binary object, that holds the mask. */
	field?: unknown;
	/** What to draw in place of it. */
	shapes?: Shape[];
	/** Everything but the shapes may change. */
	isInverted: boolean;
	/** Width in pixels of the transition to the rest, which is to stay as it is; `undefined` for a rest that may change. */
	softEdge?: number;
}

/**
 * @returns `undefined` when no mask was added
 * @throws NodeOperationError that names the field, when the mask is incomplete
 */
export function readMask(
	context: IExecuteFunctions,
	itemIndex: number,
	{ image, mask: loose }: ItemOptions,
): MaskSettings | undefined {
	const mask = image.group('mask', 'set', maskFields) ?? loose;
	const softEdge = mask.flag('keepRest') ? mask.numberOrDefault('softEdge') : undefined;
	const source = mask.oneOf('source', MASK_SOURCES) ?? sourceOf(mask);
	if (source === undefined) {
		if (mask === loose) return undefined;
		throw image.error('mask', 'is empty', 'Set where it comes from, or remove the option.');
	}
	if (source === 'binary') {
		return { field: mask.value('maskBinaryPropertyName'), isInverted: false, softEdge };
	}
	const rows = mask.rows('maskArea', 'shape', shapeFields, 'Mask Area').map(toShape);
	const texts = rows.map((shape) => JSON.stringify(shape));
	if (rows.length === 0 || new Set(texts).size < texts.length) {
		throw parameterError(
			context,
			itemIndex,
			rows.length === 0 ? 'Mask Area has no shape' : 'Mask Area has the same shape twice',
			`${rows.length === 0 ? 'Add a shape.' : 'Remove one of the two.'} n8n takes expressions for the numbers of a shape, not for the list.`,
		);
	}
	return { shapes: rows, isInverted: mask.flag('maskInverted'), softEdge };
}

/** Where no field says which of the two it is. */
function sourceOf(mask: ItemOptions['mask']): (typeof MASK_SOURCES)[number] | undefined {
	const [hasField, hasArea] = [mask.isSet('maskBinaryPropertyName'), mask.isSet('maskArea')];
	if (hasField && hasArea) {
		throw mask.error('maskArea', 'and Mask Data Field Name are both set', 'Remove one of the two.');
	}
	if (hasField) return 'binary';
	return hasArea ? 'shapes' : undefined;
}

function toShape(row: FieldValues<(typeof shapeFields)[number]>): Shape {
	return {
		kind: row.oneOf('kind', ['ellipse', 'rectangle']) ?? 'rectangle',
		unit: row.oneOf('unit', ['percent', 'pixels']) ?? 'percent',
		x: row.numberOrDefault('x'),
		y: row.numberOrDefault('y'),
		width: row.numberOrDefault('width'),
		height: row.numberOrDefault('height'),
	};
}
