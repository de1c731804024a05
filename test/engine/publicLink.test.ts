import { readBinary, useBinaryMode } from '../harness';
import { sha256 } from '../support/pictures';
import { useSimulator } from '../support/simulator';

beforeAll(() => {
	jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-11-22T12:00:00Z'));
});
afterAll(() => {
	jest.restoreAllMocks();
});
const simulator = useSimulator();

const generate = async (options: object) =>
	await simulator.run({
		parameters: { prompt: 'A red fox', n: 2, options: { ...options } },
	});

afterEach(async () => await useBinaryMode('filesystem'));

describe('Temporary Link', () => {
	it('adds a signed address of each image, and when it ends', async () => {
		const { items } = await generate({ temporaryLink: 90 });
		for (const { json, binary } of items) {
			const url = new URL(String(json.url));
			expect(url.pathname).toMatch(/\/binary-data\/signed$/);
			const [, payload = ''] = url.searchParams.get('token')?.split('.') ?? [];
			const token: { id: string; iat: number; exp: number } = JSON.parse(
				Buffer.from(payload, 'base64url').toString('utf8'),
			);
			expect(token.id).toBe(binary?.data?.id);
			expect(token.exp - token.iat).toBe(90 * 60);
			expect(json.urlExpiresAt).toBe('2026-11-22T13:30:00.000Z');
		}
		const stored = await Promise.all(
			items.map(async ({ binary }) => binary?.data && sha256(await readBinary(binary.data))),
		);
		expect(stored).toEqual(simulator.api.images.map((image) => image.sha256));
	});

	it('is not there unless it is asked for', async () => {
		const { items } = await generate({});
		expect(items[0]?.json).not.toHaveProperty('url');
	});

	it('is refused before paying where n8n cannot sign links', async () => {
		await useBinaryMode('memory');
		await expect(generate({ temporaryLink: 5 })).rejects.toMatchObject({
			message: 'Temporary Link is not possible on this n8n server [item 1]',
			description: expect.stringContaining('N8N_DEFAULT_BINARY_DATA_MODE'),
		});
		expect(simulator.api.requests).toEqual([]);
	});

	it('is not lost when its expression finds nothing', async () => {
		await expect(generate({ temporaryLink: '={{ $json.none }}' })).rejects.toThrow(
			/^Temporary Link is empty/,
		);
		expect(simulator.api.requests).toEqual([]);
	});

	it.each([0, 600_000, 'soon'])('refuses %j minutes', async (temporaryLink) => {
		await expect(generate({ temporaryLink })).rejects.toThrow(/^Temporary Link is /);
		expect(simulator.api.requests).toEqual([]);
	});
});
