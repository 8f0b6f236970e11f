// What a check of this machine says.

/** `absent`: not there, and not needed for every run. `fail`: no run could be made. */
export type FindingStatus = "ok" | "warn" | "fail" | "absent";

export interface Finding {
  status: FindingStatus;
  text: string;
  /** What to do about it: a sentence. */
  remedy?: string;
}

export interface DoctorContext {
  variables: Readonly<Record<string, string | undefined>>;
  /** Where the person stands, absolute. */
  folder: string;
  /** How many at a time there should be room for. */
  streams: number;
  /** The number was asked for: then too little room for it is a failure, else a warning. */
  isStreamsAsked: boolean;
}

export interface Check {
  name: string;
  /** Never throws for what it finds. */
  run(context: DoctorContext): Promise<Finding>;
}

export interface NamedFinding extends Finding {
  name: string;
}

/** Whether a run could be made: warnings, and what not every run needs, are no obstacle. */
export function canRun(findings: readonly NamedFinding[]): boolean {
  return findings.every(({ status }) => status !== "fail");
}
