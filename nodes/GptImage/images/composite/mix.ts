/**
 * Lets a row of a new picture show through a row of an old one.
 *
 * @param old pixels of the old picture; what shows of the new one is written over them
 * @param fresh pixels of the new one
 * @param weights how much of the new one shows at each pixel, 0 to 255; where it is 0, no byte is touched
 * @param channels 3, or 4 with alpha: then colours count by how opaque they are
 */
export function mix(old: Uint8Array, fresh: Uint8Array, weights: Uint8Array, channels: 3 | 4) {
	for (let x = 0, at = 0; x < weights.length; x++, at += channels) {
		const weight = weights[x] ?? 0;
		if (weight === 0) continue;
		let [oldShare, newShare] = [255 - weight, weight];
		if (channels === 4) {
			oldShare *= old[at + 3] ?? 0;
			newShare *= fresh[at + 3] ?? 0;
			old[at + 3] = Math.round((oldShare + newShare) / 255);
		}
		const all = oldShare + newShare;
		// Where nothing is to be seen, the colour is that of the new picture.
		if (weight === 255 || all === 0) [oldShare, newShare] = [0, 1];
		const sum = oldShare + newShare;
		for (let channel = at; channel < at + 3; channel++) {
			const mixed = (old[channel] ?? 0) * oldShare + (fresh[channel] ?? 0) * newShare;
			old[channel] = Math.round(mixed / sum);
		}
	}
}
