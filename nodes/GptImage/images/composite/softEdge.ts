/** Most pixels of a soft edge. */
export const MAX_SOFT_EDGE = 512;
