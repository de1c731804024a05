/** States of a batch that has ended; nothing more comes of it. */
export const FINAL_STATES = ['completed', 'failed', 'expired', 'cancelled'] as const;

/** OpenAI's batch guide: requests of one batch. */
export const MAX_REQUESTS_PER_BATCH = 50_000;
