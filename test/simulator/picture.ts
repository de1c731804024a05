/** How a picture differs from the plain one. */
export interface PictureOptions {
	/** Nothing outside a centred disc: for transparent backgrounds. */
	cutOut?: boolean;
	/** To be laid over another image: translucent, with the text on a band at the top. */
	overlay?: boolean;
	/** Frame of an animation, from 1. */
	frame?: number;
}

const MAX_LINES = 12;

/**
 * The picture that stands for a prompt, as an SVG document: the prompt as text on colours and discs
 * taken from the seed. Pictures differ by seed also where no font is installed.
 * @param seed at least 16 bytes
 * @param width in pixels, as `height`
 */
export function pictureSvg(
	prompt: string,
	seed: Buffer,
	width: number,
	height: number,
	{ cutOut = false, overlay = false, frame = 0 }: PictureOptions,
): string {
	const byte = (index: number) => seed[index % seed.length] ?? 0;
	const hue = (index: number) => Math.round((byte(index) * 360) / 256);
	const short = Math.min(width, height);
	const disc = (index: number) => {
		const x = (byte(index) / 255) * width;
		const y = (byte(index + 1) / 255) * height;
		const radius = short * (0.05 + byte(index + 2) / 1700);
		return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="hsl(${hue(index + 3)},70%,55%)" fill-opacity="0.6"/>`;
	};
	const runner =
		frame > 0
			? `<circle cx="${((frame * width) / 17).toFixed(1)}" cy="${height / 2}" r="${short / 10}" fill="white"/>`
			: '';
	const clip = cutOut
		? `<clipPath id="c"><circle cx="${width / 2}" cy="${height / 2}" r="${short * 0.45}"/></clipPath>`
		: '';
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
		`<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(${hue(0)},65%,35%)"/><stop offset="1" stop-color="hsl(${hue(1)},65%,60%)"/></linearGradient>${clip}</defs>`,
		`<g${cutOut ? ' clip-path="url(#c)"' : ''}><g opacity="${overlay ? 0.4 : 1}">`,
		`<rect width="${width}" height="${height}" fill="url(#g)"/>`,
		disc(2),
		disc(6),
		disc(10),
		'</g>',
		runner,
		textLines(prompt, width, height, cutOut ? short * 0.75 : width * 0.88, overlay && !cutOut),
		'</g></svg>',
	].join('');
}

function textLines(
	prompt: string,
	width: number,
	height: number,
	room: number,
	onBand: boolean,
): string {
	const size = Math.min(width, height) / 16;
	// An average glyph of a sans-serif font is a little over half as wide as the font size.
	const lines = wrap(prompt, Math.max(4, Math.floor(room / (size * 0.56))));
	const block = lines.length * size * 1.25;
	const top = (onBand ? size / 2 : (height - block) / 2) + size * 0.95;
	const band = `<rect width="${width}" height="${block + size}" fill="black" fill-opacity="0.6"/>`;
	const spans = lines.map(
		(line, index) =>
			`<tspan x="${width / 2}" y="${(top + index * size * 1.25).toFixed(1)}">${escapeXml(line)}</tspan>`,
	);
	return `${onBand ? band : ''}<text font-family="sans-serif" font-size="${size.toFixed(1)}" font-weight="bold" text-anchor="middle" fill="white" stroke="black" stroke-opacity="0.35" stroke-width="${(size / 20).toFixed(1)}">${spans.join('')}</text>`;
}

/** Lines of at most `columns` characters, broken at blanks where possible. */
function wrap(text: string, columns: number): string[] {
	const lines: string[] = [];
	let line = '';
	// More characters than fit in the picture are not looked at.
	const words = [...text.slice(0, columns * MAX_LINES * 2)].join('').split(/\s+/);
	for (const word of words) {
		for (const piece of pieces(word, columns)) {
			const longer = line === '' ? piece : `${line} ${piece}`;
			if ([...longer].length <= columns) line = longer;
			else {
				lines.push(line);
				line = piece;
			}
		}
	}
	lines.push(line);
	return lines.filter((candidate) => candidate !== '').slice(0, MAX_LINES);
}

function pieces(word: string, columns: number): string[] {
	const characters = [...word];
	const result: string[] = [];
	for (let start = 0; start < characters.length; start += columns) {
		result.push(characters.slice(start, start + columns).join(''));
	}
	return result;
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** Text for XML; characters XML cannot hold are dropped. */
function escapeXml(text: string): string {
	// A round trip through UTF-8 replaces lone surrogates.
	return Buffer.from(text)
		.toString()
		.replace(/[^\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
		.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
