// The part that one client loads for all: what happens once a process, before the run.
export { prepareSettings } from "../settings.ts";
