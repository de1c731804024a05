import type { IExecuteFunctions } from 'n8n-workflow';
import type { Connection } from '../openai/connection';
import type { Stops } from '../openai/retry/requestWithRetries';
import type { Budget } from '../cost/budget';
import type { RateLimiter } from '../openai/retry/rateLimiter';
import type { CostEstimator } from '../cost/estimator';
import type { Series } from './series';
import type { RunSettings } from '../operations/parameters/itemSettings';

/** What all items of a run share. */
export interface Run extends Stops {
	context: IExecuteFunctions;
	connection: Connection;
	settings: RunSettings;
	/** How many items it works on; an edit of all input items is one. */
	items: number;
	rateLimiter: RateLimiter;
	estimator: CostEstimator;
	/** What the run may cost; `undefined` for as much as it takes. */
	budget?: Budget;
	series: Series;
	/** Whether n8n can sign links; only asked when a link is wanted. */
	canLink: () => Promise<boolean>;
}
