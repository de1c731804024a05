/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
// The one door to Node's own modules for tests, scripts and the benchmark: the lint rules of shipped code forbid them, and rightly so.
import { resolve } from 'node:path';

export { strict as assert } from 'node:assert';
export * as asyncHooks from 'node:async_hooks';
export * as childProcess from 'node:child_process';
export * as crypto from 'node:crypto';
export { default as events } from 'node:events';
export * as fs from 'node:fs';
export * as http from 'node:http';
export * as net from 'node:net';
export { monitorEventLoopDelay } from 'node:perf_hooks';
export * as os from 'node:os';
export { default as path } from 'node:path';
// The real object: a namespace is a copy without `on`, and its `exitCode` goes nowhere.
export { default as process } from 'node:process';
export { default as stream } from 'node:stream';
export * as util from 'node:util';
export * as v8 from 'node:v8';
export * as vm from 'node:vm';
export * as zlib from 'node:zlib';
export { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/** Absolute path of the repository. */
export const repositoryRoot = resolve(__dirname, '..');

/** The timer that jest's fake timers take the place of, unlike {@link delay}. */
export const afterMs = (ms: number, act: () => void) => void setTimeout(act, ms);
