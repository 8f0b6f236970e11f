// The cost of starting a server, as figures of a summary.
import type { StartFacts } from "../../run-folder/run-files.ts";
import type { ServerUse } from "../summary.ts";

/** Empty for a server that was already running. */
export function toStartUse(
  start: StartFacts | undefined,
): Pick<ServerUse, "readySeconds" | "memoryAfterLoadBytes" | "gpuMemoryAfterLoadBytes"> {
  if (start === undefined) return {};
  const { readySeconds, memoryBytes, gpuMemoryBytes } = start;
  return {
    readySeconds,
    ...(memoryBytes !== undefined && { memoryAfterLoadBytes: memoryBytes }),
    ...(gpuMemoryBytes !== undefined && { gpuMemoryAfterLoadBytes: gpuMemoryBytes }),
  };
}
