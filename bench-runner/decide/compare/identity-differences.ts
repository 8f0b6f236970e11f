// The differences between two sides in what must be the same. Pure.
import type { Identity, IdentityGroup } from "./identity.ts";

export interface IdentityDifference {
  key: string;
  group: IdentityGroup;
  /** Absent if unknown for this side. */
  base?: string;
  next?: string;
}

/**
 * Every key whose values differ. A value that only one side knows (the hash of a deleted file, the name of a machine) is
 * not a difference, except for options and GPUs, which every run has.
 */
export function findDifferences(base: readonly Identity[], next: readonly Identity[]): IdentityDifference[] {
  const others = new Map(next.map((entry) => [entry.key, entry]));
  const keys = new Set([...base, ...next].map(({ key }) => key));
  const found = new Map(base.map((entry) => [entry.key, entry]));
  const isSettled = (key: "prompts" | "arrivals") => {
    const name = key === "prompts" ? key : "arrivals-schedule";
    const [a, b] = [found.get(name)?.fingerprint, others.get(name)?.fingerprint];
    return a !== undefined && a === b;
  };
  return [...keys].flatMap((key): IdentityDifference[] => {
    const [a, b] = [found.get(key), others.get(key)];
    const entry = (a ?? b) as Identity;
    if (entry.detailOf !== undefined && isSettled(entry.detailOf)) return [];
    if (isSame(a, b)) return [];
    return [{ key, group: entry.group, ...(a && { base: a.value }), ...(b && { next: b.value }) }];
  });
}

function isSame(a: Identity | undefined, b: Identity | undefined): boolean {
  const known = (a ?? b) as Identity;
  // A value unknown for one run is not a difference; an option given for only one run is.
  if (a === undefined || b === undefined) return known.group !== "load" && known.group !== "prompts";
  if (a.fingerprint !== undefined && b.fingerprint !== undefined) return a.fingerprint === b.fingerprint;
  return a.value === b.value;
}

/** Whether `--allow` names its key or its group. */
export function isAllowed({ key, group }: IdentityDifference, allowed: readonly string[]): boolean {
  return allowed.includes(key) || allowed.includes(group);
}

/** "`vus`: 2 in BASE, 4 in NEW". */
export function describeDifference({ key, base, next }: IdentityDifference, name = "NEW"): string {
  const say = (value: string | undefined) =>
    value === undefined ? "not given" : value === "" ? "empty" : value;
  return `\`${key}\`: ${say(base)} in BASE, ${say(next)} in ${name}`;
}
