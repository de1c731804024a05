/** A command of a page. */
export interface Command {
	text: string;
	/** `README.md:12` */
	where: string;
}

/** Languages of fenced blocks that are typed into a shell. */
const SHELLS = ['sh', 'bash', 'shell', 'console'];

/** Inline code that is a whole command, not a file or a word. */
const INLINE = /^(?:[A-Z][A-Z0-9_]*=\S+ )*(?:npm|npx|node|bash|git) \S/;

/**
 * Reads the commands a page tells its readers to type: the lines of shell blocks, and inline code that
 * begins with a program.
 *
 * @param page its path, for `where`
 * @param text Markdown
 * @returns in their order; comments and prompts are taken off
 */
export function commandsIn(page: string, text: string): Command[] {
	const found: Command[] = [];
	let fence: string | undefined;
	for (const [index, line] of text.split('\n').entries()) {
		const [, language] = /^\s*```\s*(\S*)/.exec(line) ?? [];
		const where = `${page}:${index + 1}`;
		if (language !== undefined) {
			fence = fence === undefined ? language : undefined;
		} else if (fence === undefined) {
			const spans = [...line.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
			found.push(
				...spans.filter((code) => INLINE.test(code)).map((code) => ({ text: code, where })),
			);
		} else if (SHELLS.includes(fence)) {
			// In a console block what is typed comes after a prompt, the rest is output.
			const isTyped = fence !== 'console' || /^\s*[$>] /.test(line);
			const typed = line.replace(/^\s*[$>] /, '').replace(/\s+#.*$|^\s*#.*$/, '');
			if (isTyped && typed.trim() !== '') found.push({ text: typed.trim(), where });
		}
	}
	return found;
}

/** Each command once, where it stands first. */
export function unique(commands: Command[]): Command[] {
	const first = new Map<string, Command>();
	for (const command of commands) {
		if (!first.has(command.text)) first.set(command.text, command);
	}
	return [...first.values()];
}
