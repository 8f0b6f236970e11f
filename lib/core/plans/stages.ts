// Stages of a load as people write them: "30s:3,1m:10" is 3 for 30 seconds, then 10 for a minute; "30s:1-5" climbs.
import { parseSeconds } from "../parse-seconds.ts";

/** A stretch in which the level (clients, or arrivals a second) goes from one value to another, most often the same. */
export interface Stage {
  seconds: number;
  from: number;
  to: number;
}

const LEVEL = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/;

function parseStage(text: string): Stage | undefined {
  const [time = "", level = "", ...rest] = text.trim().split(":");
  const seconds = parseSeconds(time);
  const match = LEVEL.exec(level);
  if (rest.length > 0 || !seconds || match === null) return undefined;
  const from = Number(match[1]);
  return { seconds, from, to: match[2] === undefined ? from : Number(match[2]) };
}

/** The stages in order; undefined where the text is no such list, a time is 0, or all levels are. */
export function parseStages(text: string): Stage[] | undefined {
  const stages = text.split(",").map(parseStage);
  if (stages.some((stage) => stage === undefined)) return undefined;
  const found = stages as Stage[];
  return found.some(({ from, to }) => from > 0 || to > 0) ? found : undefined;
}

/** How long all stages take together, in seconds. */
export function totalSeconds(stages: readonly Stage[]): number {
  return stages.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The highest level of any stage. */
export function highestLevel(stages: readonly Stage[]): number {
  return Math.max(...stages.flatMap(({ from, to }) => [from, to]));
}
