import { events, fs, net, os, path, process } from '../../node';
import { lastLines, runProcess, startProcess, type Started } from '../processes';
import { findProgram, type Program } from '../programs';
import { until } from '../wait';

const READY_MS = 60_000;

/**
 * Starts a server of the system and waits until it takes connections.
 * @param before a program, with its arguments, that runs it in turn
 * @throws Error with what it wrote, when it ends early or takes longer than a minute
 */
export async function startDaemon(
	program: Program,
	args: string[],
	isReady: (log: string) => boolean | Promise<boolean>,
	before: string[] = [],
): Promise<Started> {
	const [command = '', ...all] = [...before, programFile(program), ...args];
	const started = startProcess(command, all, { env: environment() });
	const ready = async () => {
		if (started.ended() !== undefined) throw new Error(`${program} ended`);
		return await isReady(started.log());
	};
	await until(`${program} takes connections`, READY_MS, ready).catch(async (error: unknown) => {
		await started.stop();
		const wrote = lastLines(started.log(), 20);
		return await Promise.reject(new Error(`${String(error)}\n${wrote}`, { cause: error }));
	});
	return started;
}

/** Runs a program of the system to its end. @returns all it wrote @throws when it fails */
export async function runTool(
	command: string,
	args: string[],
	env: Record<string, string> = {},
): Promise<string> {
	return await runProcess(command, args, { env: { ...environment(), ...env } });
}

/** Absolute path of a program that the part needs. @throws when it is not there */
export function programFile(program: Program): string {
	const file = findProgram(program);
	if (file === undefined) throw new Error(`${program} is not installed`);
	return file;
}

/** True when something takes TCP connections on this port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
	const socket = net.connect(port, '127.0.0.1');
	return await events
		.once(socket, 'connect')
		.then(
			() => true,
			() => false,
		)
		.finally(() => socket.destroy());
}

/** A new folder in the folder for temporary files. */
export function scratchFolder(name: string): string {
	return fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));
}

/** Deletes a folder with all that is in it. */
export function removeFolder(folder: string): void {
	fs.rmSync(folder, { recursive: true, force: true });
}

/** True for root, as whom some servers do not run. */
export const isRoot = (): boolean => process.getuid?.() === 0;

const environment = () => ({ PATH: process.env.PATH ?? '', HOME: os.homedir(), LC_ALL: 'C' });
