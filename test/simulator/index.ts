export { startSimulator } from './server';
export { editCanvas } from './draw';
export { FAULT_CODES } from './errors';
export type { ErrorBody, FaultCode } from './errors';
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
