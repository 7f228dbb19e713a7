import { setFlagsFromString } from "node:v8";

/**
 * Lets V8 optimise later. A run is mostly over before its optimising compiler has earned what it costs: without this,
 * a cold run takes half as much CPU time again. Only on the release of V8 where that was measured.
 */
export function delayOptimisation(): void {
  if (process.versions.v8.startsWith("11.")) setFlagsFromString("--interrupt-budget=1000000");
}
