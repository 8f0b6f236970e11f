// Groups the measured requests by server, by task and by turn of their conversation.
import { AB_SIDES } from "../../lib/core/plans/ab.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import type { RequestDetails } from "../../lib/core/request/request-details.ts";
import type { TrendKey } from "../../lib/core/request/trends.ts";
import { taskOf, turnOf } from "../run-folder/request-labels.ts";
import type { RowSorter, SortedRows } from "../statistics/row-sorter.ts";
import type { Group, Summary } from "./summary.ts";
import { GROUP_METRICS, type GroupKey, GroupTally, MOST_NAMED, NONE, REST } from "./tallies/group-tally.ts";

export class Groups {
  readonly #byTask = new GroupTally();
  readonly #byTurn = new GroupTally();
  readonly #byServer = new GroupTally();

  /** Called once for every request of the tally whose columns `addColumn` receives, in the same order. */
  add(line: RequestLine, details: RequestDetails): void {
    this.#byTask.add(taskOf(line) ?? NONE, line, details);
    const turn = turnOf(line);
    this.#byServer.add(line.labels.server ?? NONE, line, details);
    this.#byTurn.add(turn === undefined ? NONE : turn > MOST_NAMED ? REST : String(turn), line, details);
  }

  get #isMixed(): boolean {
    return this.#byTask.keys().length > 1;
  }

  get #isTalk(): boolean {
    return this.#byTurn.keys().some((key) => key !== NONE);
  }

  get #isPair(): boolean {
    return this.#byServer.keys().some((key) => key !== NONE);
  }

  /** Called once for each column of the tally; ignores columns that groups have no statistics of. */
  addColumn(key: TrendKey, sorted: SortedRows, sorter: RowSorter): void {
    for (const tally of this.#used(key)) tally.addColumn(key, sorted, sorter);
  }

  /** The same for a column after `addColumn`, with values that are known only as ranges at their other end. */
  addOtherEnds(key: TrendKey, sorted: SortedRows, sorter: RowSorter): void {
    for (const tally of this.#used(key)) tally.addOtherEnds(key, sorted, sorter);
  }

  /** The tallies that need a column. */
  #used(key: TrendKey): GroupTally[] {
    if (!GROUP_METRICS.includes(key)) return [];
    return [
      ...(this.#isMixed ? [this.#byTask] : []),
      ...(this.#isTalk ? [this.#byTurn] : []),
      ...(this.#isPair ? [this.#byServer] : []),
    ];
  }

  /** The one task of all requests; undefined if there are several, or none. */
  get task(): string | undefined {
    const [only] = this.#byTask.keys();
    return this.#isMixed || typeof only !== "string" ? undefined : only;
  }

  /** Undefined if all requests belong to one group. */
  toGroups(): Summary["groups"] {
    const [isMixed, isTalk, isPair] = [this.#isMixed, this.#isTalk, this.#isPair];
    if (!isMixed && !isTalk && !isPair) return undefined;
    return {
      ...(isPair && { server: this.#byServer.toGroups(new Map(AB_SIDES.map((side) => [side, side]))) }),
      ...(isMixed && { task: this.#byTask.toGroups(nameTasks(this.#byTask.keys())) }),
      ...(isTalk && { turn: this.#byTurn.toGroups(nameTurns(this.#byTurn.keys())) }),
    };
  }
}

/** Sorted by name; requests without a task come last. */
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
