/** Lets the tests of a file happen on a day: the clock runs on from there. */
export function onDay(day: string): void {
	const realNow = Date.now.bind(Date);
	const offset = Date.parse(`${day}T12:00:00Z`) - realNow();
	beforeAll(() => {
		jest.spyOn(Date, 'now').mockImplementation(() => realNow() + offset);
	});
	afterAll(() => {
		jest.restoreAllMocks();
	});
}
