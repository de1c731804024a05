import type {
	IDataObject,
	INodeExecutionData,
	INodeParameterResourceLocator,
	INodeParameters,
	NodeParameterValueType,
} from 'n8n-workflow';
import { turns } from '../support/events';
import { fieldsOf, type Field } from '../support/fields';
import { FLIPS, PROMPT, type Flip, type Seen } from '../support/flips';
import { asSaved, imagesFrom, maskFrom, membersOf, withParameter } from '../support/parameters';
import { halfMask, maskPicture, picture, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator({ draw: 'noise', imageBytes: 6000 });
const operations = ['generate', 'edit'];

/** An item with two pictures and two masks. */
async function item(json: IDataObject = {}): Promise<INodeExecutionData> {
	const binary = await storeFiles({
		data: await picture('png'),
		other: await picture('webp'),
		hole: await maskPicture(),
		half: await halfMask(),
	});
	return { json: { note: 'of the input', ...json }, binary };
}

/** The parameters with one field set, and what it needs. */
function parametersWith(
	operation: string,
	flip: Flip,
	field: Field,
	value?: NodeParameterValueType,
): INodeParameters {
	const parameters = asSaved({ operation, prompt: PROMPT, ...flip.with });
	return value === undefined ? parameters : withParameter(parameters, field.path, value);
}

/** Runs the node; what it did is told item by item, a failure being the `error` of its item. */
async function see(
	parameters: INodeParameters,
	items: INodeExecutionData[],
	{ faults = [], isHeld, azure = false, isBehind = false }: Flip,
): Promise<Seen[]> {
	simulator.api.reset();
	simulator.api.misbehave(...faults);
	if (isHeld) simulator.api.misbehave({ until: noneComes(), times: Infinity });
	const run = await simulator.run({
		parameters,
		items,
		node: { onError: 'continueRegularOutput' },
		...(azure && {
			credentials: simulator.credentials({
				kind: 'azure',
				baseUrl: new URL('/openai/v1', simulator.api.url).href,
			}),
		}),
	});
	const { maxConcurrent } = simulator.api.stats();
	const requests = simulator.api.requests.map(({ path, headers, json, fields, files }) => ({
		path,
		contentType: String(headers['content-type']).replace(/;.*/, ''),
		body: flat(json ?? fields),
		files,
	}));
	const seen = items.map((_, index) => ({
		requests:
			items.length === 1
				? requests
				: requests.filter(({ body }) => body.prompt?.includes(`item ${index}`)),
		items: run.items.filter(({ pairedItem }) => isPairedWith(pairedItem, index)),
		all: run.items,
		maxConcurrent,
	}));
	return isBehind ? seen.slice(1) : seen;
}

/** Waits until a request is under way, and no other has come for a while. */
async function noneComes(): Promise<void> {
	let running = 0;
	for (let quiet = 0; running === 0 || quiet < 100; quiet += 1) {
		await turns(1);
		const now = simulator.api.stats().running;
		if (now !== running) quiet = 0;
		running = now;
	}
}

const isPairedWith = (pairedItem: INodeExecutionData['pairedItem'], index: number) =>
	typeof pairedItem === 'object' && 'item' in pairedItem && pairedItem.item === index;

/** A body with its values as text and under the names a form has for them. */
function flat(value: unknown, prefix = ''): Record<string, string> {
	const entries = Object.entries(membersOf(value)).map(([key, inner]) => {
		const name = prefix === '' ? key : `${prefix}[${key}]`;
		return typeof inner === 'object' ? flat(inner, name) : { [name]: String(inner) };
	});
	return Object.assign({}, ...entries);
}

function flipOf(operation: string, { key }: Field): Flip {
	const flip = FLIPS[operation]?.[key];
	if (!flip) throw new Error(`test/support/flips.ts has no row for the field "${key}"`);
	return flip;
}

describe.each(operations)('%s', (operation) => {
	const fields = fieldsOf(operation);
	const table = fields.map((field) => [field.key, field] as const);

	it('has a row for each of its fields, and no other', () => {
		expect(Object.keys(FLIPS[operation] ?? {}).sort()).toEqual(fields.map(({ key }) => key).sort());
	});

	it.each(table)('does something else when %s is changed', async (_, field) => {
		const flip = flipOf(operation, field);
		const [other, effect] = flip.other;
		const items = await Promise.all(
			Array.from(
				{ length: (flip.perRun ?? 1) + (flip.isBehind ? 1 : 0) },
				async () => await item(),
			),
		);
		const [before] = await see(parametersWith(operation, flip, field), items, flip);
		const [after] = await see(parametersWith(operation, flip, field, other), items, flip);
		expect(before && (await flip.look(before))).toEqual(flip.unset);
		expect(after && (await flip.look(after))).toEqual(effect);
		expect(after && (await flip.look(after))).not.toEqual(flip.unset);
	});

	const free = table.filter(([, { property }]) => !property.noDataExpression);

	it.each(free)('takes %s from an expression, for each item', async (key, field) => {
		const flip = flipOf(operation, field);
		const [[one, effectOfOne], [other, effectOfOther]] = [flip.one, flip.other];
		const parameters = parametersWith(operation, flip, field, asExpression(one));
		const items = [await item({ x: xOf(one) }), await item({ x: xOf(other) })];
		if (flip.isBehind) items.unshift(await item({ x: xOf(one) }));
		if (flip.perRun) {
			while (items.length < flip.perRun) items.push(await item({ x: xOf(one) }));
		}
		if (key !== 'prompt') parameters.prompt = '=A fox, item {{ $itemIndex }}';
		const seen = await see(parameters, items, flip);
		expect(await Promise.all(seen.slice(0, 2).map(flip.look))).toEqual([
			effectOfOne,
			flip.perRun ? effectOfOne : effectOfOther,
		]);
		if (!flip.perRun) return;
		const reversed = items.map(({ json, ...rest }, index) => ({
			...rest,
			json: { ...json, x: xOf(index === 0 ? other : one) },
		}));
		const [first] = await see(parameters, reversed, flip);
		expect(first && (await flip.look(first))).toEqual(effectOfOther);
	});
});

it('leaves the mask out of all input data fields', async () => {
	await simulator.run({
		parameters: {
			operation: 'edit',
			prompt: PROMPT,
			images: { image: [{ source: 'allBinary' }] },
			options: { mask: maskFrom('hole') },
		},
		items: [await item()],
	});
	const sent = simulator.api.requests.map(({ files }) => files.map(({ field }) => field));
	expect(sent).toEqual([['image[]', 'image[]', 'image[]', 'mask']]);
});

it('takes images from several rows, in their order', async () => {
	const rows = [...imagesFrom('hole').image, ...imagesFrom('other', 'data').image];
	await simulator.run({
		parameters: { operation: 'edit', prompt: PROMPT, images: { image: rows } },
		items: [await item()],
	});
	const sent = simulator.api.requests.map(({ files }) =>
		files.map(({ contentType }) => contentType),
	);
	expect(sent).toEqual([['image/png', 'image/webp', 'image/png']]);
});

/** The expression in place of a value; in a resource locator, in place of its id. */
function asExpression(value: NodeParameterValueType): NodeParameterValueType {
	const expression = '={{ $json.x }}';
	return isLocator(value) ? { ...value, value: expression } : expression;
}

/** What the expression finds. */
function xOf(value: NodeParameterValueType): IDataObject[string] {
	if (isLocator(value)) return value.value;
	return typeof value === 'object' ? undefined : value;
}

function isLocator(value: NodeParameterValueType): value is INodeParameterResourceLocator {
	return typeof value === 'object' && value !== null && '__rl' in value;
}
