// The options of a llama-server that a run starts.

/** What changes how it serves: runs that differ in one of them are not the same measurement. */
export const SERVER_SETTINGS = [
  "parallel",
  "ctxSize",
  "batchSize",
  "ubatchSize",
  "nGpuLayers",
  "llamaServerArgs",
] as const;

/** What it is started by: runs that differ in none of them can share one. */
export const SERVER_START = [
  ...["host", "port", ...SERVER_SETTINGS],
  ...["llamaServerPath", "modelPathPrefix", "model", "readyTimeout"],
] as const;
