/** @returns e.g. `12.3 MB`, with 1 MB = 1,000,000 bytes */
export function megabytes(bytes: number): string {
	const value = bytes / 1e6;
	return `${value.toFixed(value < 9.95 ? 1 : 0)} MB`;
}

/** @returns e.g. `8.21 s` or `45 ms` */
export function seconds(ms: number): string {
	if (ms < 1000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
	return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** @returns e.g. `1.24×` */
export const times = (factor: number) => `${factor.toFixed(factor < 9.95 ? 2 : 1)}×`;
