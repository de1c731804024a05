/**
 * Does jobs, several at a time. They are taken from the generator one by one, when there is room for another,
 * so that nothing is prepared before it is needed.
 *
 * @param concurrency how many jobs may be under way at once, at least 1
 * @param jobs makes the jobs, in order
 * @param work does one job; when it throws, no further job is taken and the jobs under way are awaited
 * @throws what `work` or the generator threw first
 */
export async function mapConcurrent<Job>(
	concurrency: number,
	jobs: AsyncGenerator<Job>,
	work: (job: Job) => Promise<void>,
): Promise<void> {
	const worker = async () => {
		for await (const job of jobs) await work(job);
	};
	const ends = await Promise.allSettled(Array.from({ length: concurrency }, worker));
	for (const end of ends) {
		if (end.status === 'rejected') throw end.reason;
	}
}
