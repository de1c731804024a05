import { noFacts, shownSize, type Dimensions, type PictureFacts } from './facts';
import { walkGif } from './gif';
import { walkJpeg } from './jpeg';
import { walkPng } from './png';
import { walkSvg } from './svg';
import { Walker, type Walk } from './walker';
import { walkWebp } from './webp';

const WALKS: Partial<Record<string, (facts: PictureFacts) => Walk>> = {
	png: walkPng,
	jpeg: walkJpeg,
	webp: walkWebp,
	gif: walkGif,
	svg: walkSvg,
};

/**
 * Looks at the bytes of a picture while they pass by: how large it is, how it is turned, and whether it is all there.
 * Holds at most the metadata it reads.
 */
export class PictureScan {
	readonly facts = noFacts();
	private readonly walker: Walker | undefined;

	/** @param format its name as the API says it; one that is not known is taken to be whole */
	constructor(format: string) {
		const walk = WALKS[format];
		if (walk) this.walker = new Walker(walk(this.facts));
		else this.facts.state = 'whole';
	}

	/** @param chunk the next bytes; they may be overwritten afterwards */
	write(chunk: Uint8Array) {
		this.walker?.write(chunk);
	}

	/** Pixels, as the picture is shown; `undefined` as long as they have not been seen. */
	get size(): Dimensions | undefined {
		return shownSize(this.facts);
	}

	/**
	 * Tells what is wrong with a picture that has come to its end.
	 *
	 * @returns the rest of a sentence about it, or `undefined` when it is whole
	 */
	problem(): 'is cut off' | 'is damaged' | undefined {
		if (this.facts.state === 'whole') return undefined;
		return this.facts.state === 'open' ? 'is cut off' : 'is damaged';
	}
}
