import type { FailureDetails } from '../../../nodes/GptImage/errors/failure';
import type { INodeParameters } from 'n8n-workflow';
import type { Fault } from '../../simulator';
import type { Reply } from '../../support/rawServer';

/** One way for a request to go wrong, and what must come of it. */
export interface FaultCase {
	name: string;
	/** What the simulator does to the first two requests; the node may send one request again. */
	fault?: Fault;
	/** What a server below HTTP does to every request, in place of the simulator. */
	reply?: Reply;
	/** Where nobody answers; `https` speaks TLS to the simulator, which does not. */
	target?: 'closedPort' | 'unknownHost' | 'https';
	/** What is wrong with n8n's binary store meanwhile. */
	store?: 'fileInPlaceOfFolder' | 'smallDisk';
	/** Images that such a store takes all the same. */
	storable?: number;
	/** Options of the node beside those of the setting. */
	options?: INodeParameters;
	/** The only settings it can happen in. */
	only?: SettingName[];
	/** No setting makes a difference, so each operation meets it with one of them. */
	isAlike?: true;
	/** `kind` in the details of the error; `none` when the images come after all. */
	kind: Kind;
	/** How many requests the node may send; 1 unless told. */
	requests?: number;
}

export type Kind = 'none' | FailureDetails['kind'];

export type SettingName = 'default' | 'keep alive' | 'n = 3' | 'memory store';

/** Parameters of the node and mode of the binary store. */
export interface Setting {
	name: SettingName;
	options: INodeParameters;
	n: number;
	mode: 'filesystem' | 'memory';
}

export const SETTINGS: Setting[] = [
	{ name: 'default', options: {}, n: 1, mode: 'filesystem' },
	{ name: 'keep alive', options: { keepAlive: true }, n: 1, mode: 'filesystem' },
	{ name: 'n = 3', options: {}, n: 3, mode: 'filesystem' },
	{ name: 'memory store', options: {}, n: 1, mode: 'memory' },
];

export const OPERATIONS = ['generate', 'edit'] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** Faults that no setting makes a difference to: no image arrives. */
export const alike = (cases: FaultCase[]): FaultCase[] =>
	cases.map((faultCase) => ({ ...faultCase, isAlike: true }));

/** Faults of one sort; a section of FAULTS.md. */
export interface FaultGroup {
	title: string;
	cases: FaultCase[];
}
