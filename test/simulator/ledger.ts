/** One request that was carried out and is on the bill, whether or not its answer arrived. */
export interface PaidRequest {
	operation: 'generate' | 'edit';
	model: string;
	prompt: string;
	/** Images made for it. */
	images: number;
	/** Only in a batch. */
	batchId?: string;
	customId?: string;
}

/** What the account pays for and what was stored in it, so that tests can count. */
export class Ledger {
	readonly paid: PaidRequest[] = [];

	filesUploaded = 0;

	filesDeleted = 0;

	batchesCreated = 0;

	/** Images on the bill, from requests and batches. */
	imagesPaid(): number {
		return this.paid.reduce((sum, { images }) => sum + images, 0);
	}

	reset(): void {
		this.paid.length = 0;
		this.filesUploaded = 0;
		this.filesDeleted = 0;
		this.batchesCreated = 0;
	}
}
