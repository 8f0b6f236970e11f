// The measured requests by task and by turn of their conversation.
import type { RequestLine } from "../lib/core/facts.ts";
import type { RequestDetails } from "../lib/core/request-details.ts";
import { type GroupKey, GroupTally, MOST_NAMED, NONE, REST } from "./group-tally.ts";
import { taskOf, turnOf } from "./request-labels.ts";
import type { Group, Summary } from "./summary.ts";
import type { Tally } from "./tally.ts";

export class Groups {
  readonly #byTask = new GroupTally();
  readonly #byTurn = new GroupTally();

  /** Once for every request of the tally whose columns `toGroups` gets, in the same order. */
  add(line: RequestLine, details: RequestDetails): void {
    this.#byTask.add(taskOf(line) ?? NONE, line, details);
    const turn = turnOf(line);
    this.#byTurn.add(turn === undefined ? NONE : turn > MOST_NAMED ? REST : String(turn), line, details);
  }

  /** Undefined where there is nothing to tell apart. */
  toGroups({ trends }: Tally): Summary["groups"] {
    const [tasks, turns] = [this.#byTask.keys(), this.#byTurn.keys()];
    const isMixed = tasks.length > 1;
    const isTalk = turns.some((key) => key !== NONE);
    if (!isMixed && !isTalk) return undefined;
    return {
      ...(isMixed && { task: this.#byTask.toGroups(nameTasks(tasks), trends) }),
      ...(isTalk && { turn: this.#byTurn.toGroups(nameTurns(turns), trends) }),
    };
  }
}

/** By name; then what has none of its own. */
function nameTasks(keys: GroupKey[]): Map<GroupKey, Group["name"]> {
  const named = keys.filter((key) => typeof key === "string").sort();
  return new Map<GroupKey, string>([
    ...named.map((name) => [name, name] as const),
    [REST, "other tasks"],
    [NONE, "without a task"],
  ]);
}

/** In the order in which they are sent. */
function nameTurns(keys: GroupKey[]): Map<GroupKey, Group["name"]> {
  const named = keys.filter((key) => typeof key === "string").sort((a, b) => Number(a) - Number(b));
  return new Map<GroupKey, string>([
    ...named.map((name) => [name, name] as const),
    [REST, `${MOST_NAMED + 1}+`],
  ]);
}
