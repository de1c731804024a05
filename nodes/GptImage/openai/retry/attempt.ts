import type { IExecuteFunctions } from 'n8n-workflow';
import { RequestFailure, type Billing } from '../../errors/failure';
import { connectionFailure, send, type ApiResponse } from '../client';
import type { Connection } from '../connection';
import { ownWordsOf, type ApiRequest } from '../request';
import { receiveImages, type Received, type ReceiveSettings } from '../response/receiveImages';
import { billingOf } from './billing';

/** What came of sending a request once. */
export interface Attempt extends Received {
	requestId?: string;
	/** Why images are missing; some of them may be there. */
	failure?: RequestFailure;
	/** Whether it may be on the bill. */
	billing: Billing;
}

/**
 * Sends a request once and stores its images as they arrive. What the API, the network or the binary store
 * do wrong ends up in `failure`; images that came through before are kept.
 *
 * @throws the execution's reason when it is stopped
 */
export async function attemptRequest(
	context: IExecuteFunctions,
	connection: Connection,
	request: ApiRequest,
	settings: ReceiveSettings,
): Promise<Attempt> {
	const { deadline, idleMs } = settings;
	const { signal } = deadline;
	const errorContext = { redactor: connection.redactor, ownWords: ownWordsOf(request) };
	const sentAt = Date.now();
	const received: Received = { images: [], partials: [], fields: {}, hasImage: false };
	let response: ApiResponse | undefined;
	let problem: unknown;
	try {
		response = await deadline.race(send(context, connection, request, signal, idleMs));
		await receiveImages(context, response.body, received, errorContext, settings);
	} catch (error) {
		// The status of an answer says more than that its text took too long.
		const isRefusal = error instanceof RequestFailure && error.details.kind === 'api';
		const isStopped = signal.aborted && !(signal.reason instanceof RequestFailure && isRefusal);
		problem = isStopped ? signal.reason : error;
	}
	response?.body.destroy();
	const requestId = response?.requestId;
	if (problem === undefined) return { ...received, requestId, billing: 'yes' };
	if (signal.aborted && !(problem instanceof RequestFailure)) throw problem;
	const failure = failureOf(problem, response);
	const billing = billingOf({
		failure,
		hasAnswer: response !== undefined,
		hasImage: received.hasImage,
		sentMs: Date.now() - sentAt,
	});
	return { ...received, requestId, failure: new RequestFailure(failure.details, billing), billing };
}

function failureOf(problem: unknown, response: ApiResponse | undefined): RequestFailure {
	const { details } = connectionFailure(problem);
	const requestId = details.requestId ?? response?.requestId;
	const isCutOff = details.kind === 'connection' && response !== undefined;
	return new RequestFailure(
		isCutOff
			? { kind: 'interrupted', reason: `The connection broke (${details.reason})`, requestId }
			: { ...details, requestId },
	);
}
