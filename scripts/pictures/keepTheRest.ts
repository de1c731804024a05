// Draws docs/images/keep-the-rest.png: an image, an edit of it as models make them, and the same edit with Keep the
// Rest Unchanged. Run it with `npx tsx scripts/pictures/keepTheRest.ts`. The edit is drawn here and answered by the
// simulator; all else is done by the node in n8n's engine.
import sharp from 'sharp';
import { fs, path, process, repositoryRoot } from '../../test/node';
import { readBinary, runNode, storeBinary } from '../../test/harness';
import { startSimulator } from '../../test/simulator';
import { asSaved } from '../../test/support/parameters';

const SIZE = 1024;
const PANEL = 360;
const GAP = 16;
const CAPTION = 40;

/** Left, top, width and height of what may change: the picture on the wall. */
const AREA = { x: 560, y: 120, width: 320, height: 300 };

/** A room. The model draws it anew: everything moves a little, and colours are not quite the same. */
function room({ isEdit }: { isEdit: boolean }): string {
	const by = isEdit ? 5 : 0;
	const wall = isEdit ? '#d9cdb8' : '#d8cfbf';
	const books = Array.from({ length: 9 }, (_, index) => {
		const hue = (index * 47 + by * 3) % 360;
		const height = 130 + ((index * 37) % 50);
		return `<rect x="${120 + index * 34 + (isEdit ? (index % 3) - 1 : 0)}" y="${430 - height}" width="28" height="${height}" fill="hsl(${hue},45%,${isEdit ? 47 : 45}%)"/>`;
	}).join('');
	const art = isEdit
		? '<rect x="580" y="140" width="280" height="260" fill="#123a5c"/><circle cx="790" cy="205" r="34" fill="#ffe9a8"/><path d="M580 400 L680 250 L740 330 L790 280 L860 400 Z" fill="#0b2236"/>'
		: '<rect x="580" y="140" width="280" height="260" fill="#e8b04b"/><circle cx="720" cy="270" r="80" fill="#c8452f"/>';
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">
		<rect width="${SIZE}" height="${SIZE}" fill="${wall}"/>
		<rect y="${700 + by}" width="${SIZE}" height="324" fill="${isEdit ? '#8c6745' : '#8a6642'}"/>
		<g transform="translate(${by} ${-by})">${books}<rect x="100" y="430" width="350" height="20" fill="#5b4330"/></g>
		<rect x="564" y="124" width="312" height="292" fill="#3a2a1c"/>${art}
		<g transform="translate(${-by} ${by})">
			<rect x="140" y="640" width="560" height="150" rx="40" fill="${isEdit ? '#3f6f6a' : '#3d6d6d'}"/>
			<rect x="120" y="560" width="600" height="130" rx="50" fill="${isEdit ? '#4c8480' : '#4a8282'}"/>
			<rect x="820" y="420" width="12" height="370" fill="#2c2c2c"/>
			<path d="M770 430 L880 430 L850 340 L800 340 Z" fill="${isEdit ? '#f2dfae' : '#f4e2b4'}"/>
		</g>
	</svg>`;
}

async function main() {
	const [input, answer] = await Promise.all(
		[false, true].map(
			async (isEdit) =>
				await sharp(Buffer.from(room({ isEdit })))
					.removeAlpha()
					.png()
					.toBuffer(),
		),
	);
	if (!input || !answer) throw new Error('Nothing was drawn');
	const [plain, kept] = [await edit(input, answer, false), await edit(input, answer, true)];
	const maps = await Promise.all([plain, kept].map(async (made) => await difference(input, made)));
	const captions = [
		'The first image',
		'Mask alone',
		'Keep the Rest Unchanged',
		'The mask area',
		...maps.map(({ outside }) => `${outside.toLocaleString('en')} pixels differ outside of it`),
	];
	const pictures = [input, plain, kept, await areaOf(input), ...maps.map(({ map }) => map)];
	const file = path.join(repositoryRoot, 'docs/images/keep-the-rest.png');
	await fs.promises.writeFile(file, await sheet(pictures, captions));
	process.stdout.write(
		`${captions.slice(4).join('; ')}. Written to docs/images/keep-the-rest.png\n`,
	);
}

/** What the node makes of the answer. */
async function edit(input: Buffer, answer: Buffer, keepRest: boolean): Promise<Buffer> {
	const simulator = await startSimulator();
	const body = { created: 1, data: [{ b64_json: answer.toString('base64') }] };
	simulator.misbehave({ status: 200, body });
	const shape = [{ kind: 'rectangle', unit: 'pixels', ...AREA }];
	try {
		const { items } = await runNode({
			credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
			parameters: asSaved({
				operation: 'edit',
				prompt: 'Hang another picture on the wall: mountains by night',
				images: { image: [{ source: 'binary', binaryPropertyName: 'data' }] },
				options: { mask: { set: { source: 'shapes', maskArea: { shape }, keepRest } } },
			}),
			items: [{ json: {}, binary: { data: await storeBinary(input, 'room.png', 'image/png') } }],
		});
		const file = items[0]?.binary?.data;
		if (!file) throw new Error('The node made no image');
		return await readBinary(file);
	} finally {
		await simulator.close();
	}
}

/** Pixels that are not those of the first image, dark; and how many of them lie outside the mask. */
async function difference(input: Buffer, made: Buffer) {
	const [old, fresh] = await Promise.all(
		[input, made].map(async (file) => await sharp(file).removeAlpha().raw().toBuffer()),
	);
	const map = Buffer.alloc(SIZE * SIZE, 255);
	let outside = 0;
	for (let pixel = 0; pixel < map.length; pixel++) {
		const at = pixel * 3;
		if (!old || !fresh || old.compare(fresh, at, at + 3, at, at + 3) === 0) continue;
		map[pixel] = 40;
		const [x, y] = [(pixel % SIZE) - AREA.x, Math.floor(pixel / SIZE) - AREA.y];
		if (x < 0 || y < 0 || x >= AREA.width || y >= AREA.height) outside += 1;
	}
	const raw = { width: SIZE, height: SIZE, channels: 1 as const };
	return { map: await sharp(map, { raw }).png().toBuffer(), outside };
}

async function areaOf(input: Buffer): Promise<Buffer> {
	const { x, y, width, height } = AREA;
	const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}"><path fill-rule="evenodd" fill="#ffffffd0" d="M0 0H${SIZE}V${SIZE}H0Z M${x} ${y}v${height}h${width}v${-height}z"/><rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="#d0342c" stroke-width="6"/></svg>`;
	return await sharp(input)
		.composite([{ input: Buffer.from(frame) }])
		.png()
		.toBuffer();
}

/** Three pictures beside each other in each row, each with a caption below. */
async function sheet(pictures: Buffer[], captions: string[]): Promise<Buffer> {
	const [width, cell] = [3 * PANEL + 4 * GAP, PANEL + CAPTION];
	const height = 2 * cell + 2 * GAP;
	const places = pictures.map((picture, index) => ({
		picture,
		left: GAP + (index % 3) * (PANEL + GAP),
		top: GAP + Math.floor(index / 3) * cell,
		caption: captions[index] ?? '',
	}));
	const texts = places.map(
		({ left, top, caption }) =>
			`<text x="${left + PANEL / 2}" y="${top + PANEL + 26}" text-anchor="middle" font-family="sans-serif" font-size="18" fill="#222">${caption}</text>`,
	);
	const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join('')}</svg>`;
	const layers = await Promise.all(
		places.map(async ({ picture, left, top }) => ({
			input: await sharp(picture).resize(PANEL, PANEL).png().toBuffer(),
			left,
			top,
		})),
	);
	return await sharp({ create: { width, height, channels: 3, background: '#fff' } })
		.composite([...layers, { input: Buffer.from(text) }])
		.png({ palette: true })
		.toBuffer();
}

void main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
