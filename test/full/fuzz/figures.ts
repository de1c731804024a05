import { monitorEventLoopDelay, process } from '../../node';

/** Figures of a long run, printed when FUZZ_FIGURES is set; no test reads them. */
export function startFigures() {
	const isWanted = process.env.FUZZ_FIGURES !== undefined;
	const delays = monitorEventLoopDelay({ resolution: 5 });
	if (isWanted) delays.enable();
	let [cases, images, errors, rss] = [0, 0, 0, 0];
	const memory: number[] = [];
	return {
		count(came: number, hasError: boolean) {
			cases += 1;
			images += came;
			errors += hasError ? 1 : 0;
			if (!isWanted || cases % 1000 !== 0) return;
			rss = Math.max(rss, process.memoryUsage().rss);
			memory.push(Math.round(process.memoryUsage().heapUsed / 1e6));
		},
		report(what: string) {
			if (!isWanted) return;
			delays.disable();
			const longest = Math.round(delays.max / 1e6);
			const usual = Math.round(delays.percentile(99.9) / 1e6);
			process.stderr.write(
				`${what}: ${cases} cases, ${images} images out, ${errors} with an error; event loop blocked ${longest} ms at most, 99.9 % under ${usual} ms; RSS up to ${Math.round(rss / 1e6)} MB, heap per 1000 cases ${memory.join(' ')} MB\n`,
			);
		},
	};
}
