import type { IDisplayOptions } from 'n8n-workflow';
import { MODEL_FAMILIES, type ModelFamily } from '../../models/catalogue';
import { modelsPerhapsWith, modelsWithout } from './visibility';

/** Models whose fields read the same. */
interface Group {
	/** One of them; `undefined` for models that nothing is known of. */
	family?: ModelFamily;
	/** For `displayOptions.hide`: all other models. */
	others: NonNullable<IDisplayOptions['hide']>;
}

/** What the choices of Size and Quality, and the prices beside them, depend on. */
const kindOf = ({ sizes, qualities, prices, outputTokens }: ModelFamily) =>
	JSON.stringify([sizes, qualities, prices, outputTokens]);

/** The models of the catalogue by what their fields offer; the last group has all that are not in it, and expressions. */
export const GROUPS: Group[] = [
	...[...new Map(MODEL_FAMILIES.map((family) => [kindOf(family), family])).entries()].map(
		([kind, family]) => ({
			family,
			others: modelsPerhapsWith((one) => kindOf(one) !== kind),
		}),
	),
	{ others: modelsWithout(() => false) },
];
