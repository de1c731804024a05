import { Container } from '@n8n/di';
import { ErrorReporter } from 'n8n-core';
import { jsonStringify } from 'n8n-workflow';
import { process } from '../../node';

/** What went into n8n's logger, into its error reports, and to the console, as text. */
export interface Heard {
	text(): string;
	end(): void;
}

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** Listens to everything that n8n and the node log, print or report, whatever the log level. */
export function hear(): Heard {
	const heard: unknown[] = [];
	const keep = (...said: unknown[]) => void heard.push(...said);
	const print = (said: unknown) => {
		heard.push(String(said));
		return true;
	};
	const reporter = Container.get(ErrorReporter);
	const logger: unknown = Reflect.get(reporter, 'logger');
	if (typeof logger !== 'object' || logger === null) throw new TypeError('n8n has no logger');
	// Own functions in front of those of the class.
	for (const level of LEVELS) Reflect.set(logger, level, keep);
	const spies = [
		...LEVELS.map((level) => jest.spyOn(console, level).mockImplementation(keep)),
		jest.spyOn(console, 'log').mockImplementation(keep),
		jest.spyOn(process.stdout, 'write').mockImplementation(print),
		jest.spyOn(process.stderr, 'write').mockImplementation(print),
		jest.spyOn(reporter, 'error').mockImplementation(keep),
	];
	return {
		text: () => asText(heard),
		end: () => {
			for (const level of LEVELS) Reflect.deleteProperty(logger, level);
			for (const spy of spies) spy.mockRestore();
		},
	};
}

/**
 * Everything a value holds, as n8n persists it: of errors their own enumerable properties, however deep, with
 * message and stack; each object once.
 */
export function asText(value: unknown): string {
	const seen = new Set<unknown>();
	const open = (part: unknown): unknown => {
		if (typeof part !== 'object' || part === null) return part;
		if (seen.has(part)) return '[seen]';
		seen.add(part);
		if (Array.isArray(part)) return part.map(open);
		const own = Object.entries(part).map(([name, inner]) => [name, open(inner)]);
		const { message, stack } = part instanceof Error ? part : {};
		return { ...Object.fromEntries(own), ...(message !== undefined && { message, stack }) };
	};
	return jsonStringify(open(value));
}
