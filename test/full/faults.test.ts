import * as workflow from 'n8n-workflow';
import { storedFiles, useBinaryMode } from '../harness';
import { answerGroup, redirectGroup, storeGroup, streamGroup } from './faults/answers';
import { OPERATIONS, SETTINGS, type FaultCase } from './faults/faultCase';
import { liberalGroup } from './faults/liberal';
import { connectionGroup } from './faults/network';
import { startRawServer, type RawServer } from '../support/rawServer';
import { Rig, type Outcome } from './faults/rig';
import { statusGroup } from './faults/statuses';
import { withStore } from './faults/store';
import { toMarkdown, type Row } from './faults/table';
import { fs, path, process, repositoryRoot } from '../node';
import { useLoopClock } from '../support/clock';
import { picture } from '../support/pictures';

const page = path.join(repositoryRoot, 'test', 'FAULTS.md');

const rigs: Rig[] = [];
const rows: Row[] = [];
let otherHost: RawServer;

useLoopClock();
const sleep = jest.spyOn(workflow, 'sleep');
const pauses = () => sleep.mock.calls.length;

beforeAll(async () => {
	otherHost = await startRawServer((socket) => void socket.end());
	const file = await picture('png');
	for (const operation of OPERATIONS) {
		for (const setting of SETTINGS) rigs.push(await Rig.start(operation, setting, file));
	}
});
afterAll(async () => {
	await Promise.all(rigs.map(async (rig) => await rig.close()));
	await otherHost.close();
});

/** Runs a case with every setting it can happen in; the store's mode is one for all runs at a time. */
async function runEverywhere(faultCase: FaultCase): Promise<Outcome[]> {
	const fitting = rigs.filter((rig) =>
		faultCase.isAlike
			? isOneOfEach(rig, rows.length)
			: (faultCase.only?.includes(rig.setting.name) ?? true),
	);
	const outcomes: Outcome[] = [];
	for (const mode of ['filesystem', 'memory'] as const) {
		await useBinaryMode(mode);
		const together = fitting.filter(({ setting }) => setting.mode === mode);
		// Of requests that arrive nowhere only the pauses between them tell, those of one run at a time.
		const groups = faultCase.target ? together.map((rig) => [rig]) : [together];
		for (const group of groups) {
			const run = async () =>
				await Promise.all(group.map(async (rig) => await rig.run(faultCase, pauses)));
			outcomes.push(...(await withStore(faultCase.store, run)));
		}
	}
	return outcomes;
}

/** Picks a rig for each operation; all have their turn from row to row. */
const isOneOfEach = ({ operation, setting }: Rig, row: number) =>
	SETTINGS[(row + OPERATIONS.indexOf(operation) * 2) % SETTINGS.length] === setting;

/** What must hold for every row, whatever the fault. */
function check({ kind, store, storable = 0, target, requests = 1 }: FaultCase, outcome: Outcome) {
	const { setting, arrived } = outcome;
	const asked = SETTINGS.find(({ name }) => name === setting)?.n ?? 1;
	// What has arrived whole has arrived, however the answer ends.
	const isComplete = arrived === asked && store === undefined;
	expect(outcome).toMatchObject({
		kind: isComplete ? 'none' : kind,
		message: isComplete || kind === 'none' ? '' : expect.stringMatching(/^[A-Zn].{10,}/),
		requests,
		askedAgain: requests > 1 || target === 'closedPort' || target === 'unknownHost',
		kept: store === undefined ? arrived : storable,
		sockets: 0,
	});
}

const groups = [statusGroup, connectionGroup, answerGroup, liberalGroup, streamGroup, storeGroup];

describe.each(groups)('$title', ({ title, cases }) => {
	it.each(cases)('$name', async (faultCase) => {
		await tried(title, faultCase);
	});
});

describe('Redirects', () => {
	it.each(redirectGroup('').cases.map(({ name }) => name))('%s', async (name) => {
		const { title, cases } = redirectGroup(otherHost.url);
		const faultCase = cases.find((one) => one.name === name);
		if (faultCase) await tried(title, faultCase);
		expect(otherHost.connections()).toBe(0);
	});
});

async function tried(group: string, faultCase: FaultCase) {
	await useBinaryMode('filesystem');
	const before = (await storedFiles()).length;
	const outcomes = await runEverywhere(faultCase);
	const stored = outcomes.filter(({ setting }) => setting !== 'memory store');
	const kept = stored.reduce((sum, outcome) => sum + outcome.kept, 0);
	const leftFiles = (await storedFiles()).length - before - kept;
	rows.push({ group, faultCase, outcomes, leftFiles });
	expect(leftFiles).toBe(0);
	for (const outcome of outcomes) check(faultCase, outcome);
}

it('FAULTS.md says so', async () => {
	const text = toMarkdown(rows);
	if (process.env.UPDATE_FAULTS === '1') await fs.promises.writeFile(page, text);
	expect(await fs.promises.readFile(page, 'utf8')).toBe(text);
});
