export { startSimulator } from './server';
export { editCanvas } from './edit';
export { FAULT_CODES } from './errors';
export type { Batches } from './batches/control';
export type { BatchObject } from './batches/describe';
export type { Files } from './files/control';
export type { FileObject } from './files/store';
export type { PaidRequest } from './ledger';
export type { EndpointName } from './endpoint';
export { GATEWAY_NAMES, GATEWAYS, gatewayFaults } from './gateways';
export { TROUBLES } from './gateways/gateway';
export type { GatewayName } from './gateways';
export type { Gateway, GatewayAnswer, Trouble } from './gateways/gateway';
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
