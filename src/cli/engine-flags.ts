// How the JavaScript engine spends its time on a review, set before anything else runs. May not: change what is computed.
import { setFlagsFromString } from 'node:v8'

/**
 * Bytes of bytecode a function runs before it is compiled again for speed; V8's own 66 KB is for pages that run for minutes.
 * A review of 100 pages meets each kind of note a few times: compiling early, on types that still change, cost 40 % of its CPU. Source: bench/run.mjs.
 */
setFlagsFromString('--interrupt-budget=1000000')
