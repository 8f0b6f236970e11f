// The shape of a scenario's load, from its options and, in an open loop, from the schedule that the runner made.
import sse from "k6/x/sse";
import { OptionError } from "../../core/option-error.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ResolvedLoad } from "../../core/options/resolve-load.ts";
import type { ShapeKey } from "../../core/options/shape-options.ts";
import { checkShape, type ShapeKind } from "../../core/options/shapes.ts";
import { checkPhases } from "../../core/plans/check-phases.ts";
import { type Executor, toClosedExecutor, toClosedPlan } from "../../core/plans/closed.ts";
import { toConcurrency, toOpenExecutor } from "../../core/plans/open.ts";
import { type Extent, measuresAll } from "../../core/plans/phases.ts";
import { countPlanned } from "../../core/plans/prompt-count.ts";
import { type Schedule, takeFirst, toRateSchedule } from "../../core/plans/schedule.ts";
import { loadPart } from "../parts.ts";
import type { ClientSettings } from "../request/client-settings.ts";
import { toUserPath } from "./user-path.ts";

interface PreparedShape {
  settings: Pick<ClientSettings, "phases" | "extent" | "closed" | "open">;
  /** Absent for a plain shape, which k6's own options decide. */
  executor?: Executor;
  arrivals: number[];
}

type Load = Pick<ResolvedLoad, "load" | "shape">;

/** Clients of a closed loop by default; the runner passes its own number. */
const DEFAULT_CLIENTS = 8;

/** With one of them a closed loop has an end that is not its prompts'. */
const CLOSED_SIZES: readonly ShapeKey[] = ["iterations", "stages", "threadStopTime"];

/** Each prompt once, to every server: of a load that no option sizes. The runner names the number of its prompts. */
function countRequests(load: LoadOptions): number {
  const nPrompts = load.nPrompts ?? loadPart("dataset").loadRows(load, () => {}).length;
  return countPlanned({ ...load, nPrompts });
}

/** For the init context. @throws OptionError */
export function prepareShape(
  kind: ShapeKind,
  { load, shape, given }: Load & Pick<ResolvedLoad, "given">,
): PreparedShape {
  const phases = measuresAll(shape) ? {} : { phases: shape };
  // In a plain scenario k6's flags decide: other options of the shape do not apply.
  if (kind === "plain") return { settings: phases, arrivals: [] };
  checkShape(kind, given, kind);
  if (kind === "closed") {
    const isSized = given.some((key) => CLOSED_SIZES.includes(key));
    const requests = isSized ? countPlanned(load) : countRequests(load);
    const plan = toClosedPlan(shape, { clients: DEFAULT_CLIENTS, requests });
    const endsByTime = plan.requests === undefined;
    const extent: Extent = { requests: plan.requests, seconds: endsByTime ? plan.seconds : undefined };
    checkPhases(shape, extent);
    return { settings: { ...phases, extent, closed: plan }, executor: toClosedExecutor(plan), arrivals: [] };
  }
  if (sse.record === undefined) {
    throw new OptionError(
      "An open loop needs the project's own k6 (bin/k6): with the community's extension requests cannot be sent when they are due.",
    );
  }
  const schedule = readSchedule() ?? makeSchedule({ load, shape });
  const { offsetsMs, seconds } = schedule;
  const extent: Extent = { requests: offsetsMs.length, seconds };
  checkPhases(shape, extent);
  const concurrency = toConcurrency(shape, offsetsMs.length);
  return {
    settings: {
      ...phases,
      extent,
      open: {
        dropsLate: shape.whenBusy === "drop",
        ...(shape.skipIdleMin !== undefined && { skipsIdle: true }),
      },
    },
    executor: toOpenExecutor(schedule, concurrency, load.totalTimeout),
    arrivals: offsetsMs,
  };
}

function makeSchedule({ load, shape }: Load): Schedule {
  if (shape.trace !== undefined || shape.arrivalsFunction !== undefined) {
    throw new OptionError(
      "A trace and a function of arrivals are read by the runner: start this run with `node bench-runner --scenario open …`.",
    );
  }
  const isSized =
    shape.rateStages !== undefined || shape.duration !== undefined || shape.iterations !== undefined;
  const schedule = toRateSchedule(shape, load);
  return isSized ? schedule : takeFirst(schedule, countRequests(load));
}

/** The schedule that the runner has computed. */
function readSchedule(): Schedule | undefined {
  const path = __ENV.SERVER_BENCH_SCHEDULE;
  return path ? (JSON.parse(open(toUserPath(path))) as Schedule) : undefined;
}
