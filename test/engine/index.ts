/** Runs the node in n8n's own engine: what the tests beside this file do, and what any script may. */
export * from '../harness';
