// The result of a check of this machine.
import type { Variables } from "../../platform/context.ts";

/** `absent`: missing, but not needed for every run. `fail`: no run is possible. */
export type FindingStatus = "ok" | "warn" | "fail" | "absent";

export interface Finding {
  status: FindingStatus;
  text: string;
  /** What to do about it: a sentence. */
  remedy?: string;
}

export interface DoctorContext {
  variables: Variables;
  /** The current directory, absolute. */
  folder: string;
  /** Number of concurrent streams to have room for. */
  streams: number;
  /** The number was asked for: then too little room for it is a failure, else a warning. */
  isStreamsAsked: boolean;
}

export interface Check {
  name: string;
  /** Reports what it finds; never throws for it. */
  run(context: DoctorContext): Promise<Finding>;
}

export interface NamedFinding extends Finding {
  name: string;
}

/** Whether a run is possible: warnings, and what not every run needs, do not count. */
export function canRun(findings: readonly NamedFinding[]): boolean {
  return findings.every(({ status }) => status !== "fail");
}
