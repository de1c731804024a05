import type { IDisplayOptions } from 'n8n-workflow';
import { MODEL_FAMILIES, type ModelFamily } from '../../models/catalogue';

/** The ids of a family, as ranges of text: its id, and its id with a date of this century. */
const rangesOf = (families: ModelFamily[]) =>
	families
		.flatMap(({ id }) => [
			{ from: id, to: id },
			{ from: `${id}-20`, to: `${id}-20\uffff` },
		])
		.sort((a, b) => (a.from < b.from ? -1 : 1));

const familiesWithout = (has: (family: ModelFamily) => boolean) =>
	MODEL_FAMILIES.filter((family) => !has(family));

/**
 * For `displayOptions.hide`: models that are known not to have something. No regular expression: n8n
 * runs each in a context of its own with a time limit, which costs a thread, and fails a workflow on a busy machine.
 */
export const modelsWithout = (has: (family: ModelFamily) => boolean) => ({
	'/model': rangesOf(familiesWithout(has)).map((between) => ({ _cnd: { between } })),
});

/**
 * For `displayOptions.hide`: all other models, also unknown ones and expressions. n8n counts a `show` as met
 * when the value is an expression, so that only two `hide`s tell two fields of one name apart.
 */
export const modelsPerhapsWith = (has: (family: ModelFamily) => boolean) => {
	const ranges = rangesOf(familiesWithout(has));
	const gaps = ranges.slice(1).map(({ from: next }, index) => ({
		_cnd: { between: { from: `${ranges[index]?.to}\0`, to: before(next) } },
	}));
	const [first, last] = [ranges[0]?.from ?? '', ranges.at(-1)?.to ?? ''];
	return { '/model': [{ _cnd: { lt: first } }, ...gaps, { _cnd: { gt: last } }] };
};

/** A text right before another in order. */
const before = (text: string) =>
	`${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) - 1)}\uffff`;

/**
 * For a field that is shown unless the parameter of this name is an expression. A range, not `startsWith`: n8n 1 calls
 * that on whatever the value is, and a workflow with an object there cannot be activated.
 */
export const unlessExpression = (name: string, { show, hide }: IDisplayOptions = {}) => ({
	...(show && { show }),
	hide: { ...hide, [`/${name}`]: [{ _cnd: { between: { from: '=', to: '=\uffff' } } }] },
});

/**
 * For a field that is shown only when the parameter of this name is an expression. n8n looks a value up that is not
 * set yet, so that it must be a `hide`: for all that sorts behind `=`, as objects do.
 */
export const whenExpression = (name: string, { show, hide }: IDisplayOptions = {}) => ({
	...(show && { show }),
	hide: { ...hide, [`/${name}`]: [{ _cnd: { gte: '>' } }] },
});

/** For a field that is shown where its parameter is set already. */
export const whenSet = (path: string) => ({ [`/${path}`]: [{ _cnd: { exists: true as const } }] });

/** For a field that is shown only when an AI agent has the node as a tool, or only when none has. */
export const asTool = (isTool: boolean) => ({ '@tool': [isTool] });
