/** States of a batch that has ended; nothing more comes of it. */
export const FINAL_STATES = ['completed', 'failed', 'expired', 'cancelled'] as const;
