// The part that one client loads for all: what happens once a process, before the run.
export { resolveOwnOptions } from "../prepare/config.ts";
export { prepareSettings } from "../prepare/settings.ts";
