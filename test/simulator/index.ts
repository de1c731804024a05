export { startSimulator } from './server';
export { editCanvas } from './edit';
export { FAULT_CODES } from './errors';
export type { ErrorBody } from './apiError';
export type { FaultCode } from './errors';
export type {
	DrawnImage,
	Fault,
	Garbage,
	ReceivedFile,
	ReceivedRequest,
	Simulator,
	SimulatorOptions,
	SimulatorStats,
} from './types';
