import { delay } from '../node';
import { installHost, type Host, type HostVersion } from './host';
import { packPackage } from './package';
import type { E2e, Part } from './part';
import { lastLines } from './processes';
import { missingPrograms } from './programs';
import type { CheckResult, PartResult } from './report';
import { startRig, type Rig } from './rig';

/** How long a check may take unless it says otherwise. */
const CHECK_MS = 180_000;

/** Runs parts one after the other; what they share is made when the first asks for it. */
export class Suite {
	private readonly cleanUps: Array<() => unknown> = [];

	private readonly hosts = new Map<HostVersion, Promise<Host>>();

	private packed: Promise<string> | undefined;

	private shared: Promise<Rig> | undefined;

	/** No other part and no other check begins, and none is recorded. */
	isHalted = false;

	constructor(private readonly say: (line: string) => void) {}

	/** Runs a part. Never throws. */
	async run(part: Part): Promise<PartResult> {
		const start = Date.now();
		const result: PartResult = { name: part.name, checks: [], notes: [], seconds: 0 };
		const missing = missingPrograms(part.needs ?? []);
		this.say(`\n${part.name}`);
		if (missing) this.record(result, { name: 'all of it', status: 'not run', reason: missing });
		else await this.perform(part, result);
		result.seconds = (Date.now() - start) / 1000;
		return result;
	}

	/** Stops and removes everything that was started or made, also by a part that is still running. */
	async close(): Promise<void> {
		this.isHalted = true;
		for (let last = this.cleanUps.pop(); last; last = this.cleanUps.pop()) {
			await Promise.resolve()
				.then(last)
				.catch((error: unknown) => this.say(`Cleaning up failed: ${String(error)}`));
		}
	}

	private async perform(part: Part, result: PartResult): Promise<void> {
		const fail = (name: string) => (error: unknown) => {
			this.record(result, { name, status: 'failed', reason: textOf(error) });
			return undefined;
		};
		const own: Array<() => unknown> = [];
		let isShared = false;
		const e2e: E2e = {
			check: async (name, test, limitMs = CHECK_MS) => {
				if (this.isHalted) return undefined;
				const start = Date.now();
				const passing = within(limitMs, test).then((value) => {
					const took = `${((Date.now() - start) / 1000).toFixed(1)} s`;
					this.record(result, { name, status: 'passed' }, took);
					return value;
				});
				return await passing.catch(fail(name));
			},
			note: (figure) => void result.notes.push(figure),
			notRun: (name, reason) => this.record(result, { name, status: 'not run', reason }),
			defer: (stop) => void own.push(stop),
			say: (line) => this.say(`  ${line}`),
			host: async (version = '2.41.1') => await this.host(version),
			tarball: async () => await this.tarball(),
			rig: async () => {
				isShared = true;
				return await this.rig();
			},
		};
		const cleanUp = async () => {
			for (let last = own.pop(); last; last = own.pop()) {
				await Promise.resolve().then(last).catch(fail('cleaning up'));
			}
		};
		this.cleanUps.push(cleanUp);
		await part.run(e2e).catch(fail('the part itself'));
		await cleanUp();
		if (this.cleanUps.at(-1) === cleanUp) this.cleanUps.pop();
		if (isShared) await this.afterFailure(result);
	}

	private record(result: PartResult, check: CheckResult, took?: string): void {
		if (this.isHalted) return;
		result.checks.push(check);
		const mark = { passed: '✓', failed: '✗', 'not run': '–' }[check.status];
		const after = took ?? check.reason?.split('\n', 1).join('') ?? '';
		this.say(`  ${mark} ${check.name} (${after})`);
	}

	/** Tells what the shared n8n wrote last, and keeps what failed from disturbing the next part. */
	private async afterFailure({ checks }: PartResult): Promise<void> {
		const rig = await this.shared?.catch(() => undefined);
		if (!rig || checks.every(({ status }) => status !== 'failed')) return;
		this.say(`  The log of n8n ends with:\n${lastLines(rig.n8n.log(), 15)}`);
		await rig.rest.stopAll().catch((error: unknown) => this.say(`  ${String(error)}`));
		rig.simulator.reset();
	}

	private host(version: HostVersion): Promise<Host> {
		const host = this.hosts.get(version) ?? installHost(version, (line) => this.say(`  ${line}`));
		this.hosts.set(version, host);
		return host;
	}

	private tarball(): Promise<string> {
		this.packed ??= packPackage().then(({ file, remove }) => {
			this.cleanUps.unshift(remove);
			return file;
		});
		return this.packed;
	}

	private rig(): Promise<Rig> {
		this.shared ??= this.startShared();
		return this.shared;
	}

	private async startShared(): Promise<Rig> {
		const options = { host: await this.host('2.41.1'), tarball: await this.tarball() };
		this.say('  Starting n8n …');
		const rig = await startRig(options);
		this.cleanUps.unshift(rig.stop);
		this.say(`  n8n is ready after ${(rig.n8n.readyMs / 1000).toFixed(1)} s`);
		return rig;
	}
}

/** What `test` returns. @throws when it takes longer than `limitMs` */
async function within<T>(limitMs: number, test: () => T | Promise<T>): Promise<T> {
	const stop = new AbortController();
	const late = delay(limitMs, undefined, { signal: stop.signal }).then(
		async () => await Promise.reject(new Error(`took longer than ${limitMs / 1000} s`)),
	);
	return await Promise.race([Promise.resolve().then(test), late]).finally(() => stop.abort());
}

function textOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	// An assertion says what it compared; where it stands is the first line of the stack with our own file.
	const place = error.stack?.split('\n').find((line) => line.includes('/test/e2e/parts/'));
	return [error.message, place?.trim()].filter(Boolean).join('\n');
}
