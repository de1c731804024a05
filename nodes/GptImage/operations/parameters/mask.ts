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
	/** Width in pixels of the passage to the rest, which is to stay as it is; `undefined` for a rest that may change. */
	softEdge?: number;
}

/**
 * @returns `undefined` when no mask was added
 * @throws NodeOperationError that names the field, when the mask is none
 */
export function readMask(
	context: IExecuteFunctions,
	itemIndex: number,
	options: ItemOptions['image'],
): MaskSettings | undefined {
	const mask = options.group('mask', 'set', maskFields);
	if (!mask) return undefined;
	const softEdge = mask.flag('keepRest') ? mask.numberOrDefault('softEdge') : undefined;
	if (mask.oneOf('source', MASK_SOURCES) !== 'shapes') {
		return { field: mask.value('binaryPropertyName'), isInverted: false, softEdge };
	}
	const rows = mask.rows('area', 'shape', shapeFields, 'Mask Area').map(toShape);
	const texts = rows.map((shape) => JSON.stringify(shape));
	if (rows.length === 0 || new Set(texts).size < texts.length) {
		throw parameterError(
			context,
			itemIndex,
			rows.length === 0 ? 'Mask Area has no shape' : 'Mask Area has the same shape twice',
			'Add each shape once. n8n takes expressions for the numbers of a shape, not for the list.',
		);
	}
	return { shapes: rows, isInverted: mask.flag('inverted'), softEdge };
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
