/** A file name as the node gives it by itself: words of the prompt, a short part of its own, and the rest. */
export const named = (slug: string, rest = '.png'): unknown =>
	expect.stringMatching(new RegExp(`^${slug}-[0-9a-z]{8}${rest.replaceAll('.', '\\.')}$`));
