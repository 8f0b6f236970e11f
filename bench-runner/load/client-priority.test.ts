import { describe, expect, it } from "vitest";
import { chooseClientPriority, toPriorityStart } from "./client-priority.ts";

const yes = { possible: true };
const no = { possible: false, reason: "not permitted (CAP_SYS_NICE)" };
const launcher = (realtime: typeof yes, autogroup: typeof yes) => ({
  path: "bin/k6",
  packets: no,
  priority: { realtime, autogroup },
});

describe("chooseClientPriority", () => {
  it("raises k6's session where that is permitted, whether or not real time is", () => {
    for (const realtime of [yes, no]) {
      expect(chooseClientPriority("auto", launcher(realtime, yes), true, "auto")).toEqual({
        kind: "autogroup",
        session: "own",
      });
    }
  });

  it("does nothing where sessions cannot be raised, says why, and takes no real time unasked", () => {
    for (const realtime of [yes, no]) {
      expect(chooseClientPriority("auto", launcher(realtime, no), true, "auto")).toEqual({
        kind: "none",
        session: "server's",
        reason: no.reason,
      });
    }
  });

  it("keeps k6 in the runner's session where the run starts no server", () => {
    expect(chooseClientPriority("none", launcher(yes, yes), false, "auto")).toEqual({
      kind: "none",
      session: "runner's",
    });
  });

  it("leaves the cores to the server where packets have exact times", () => {
    const exact = { ...launcher(yes, yes), packets: yes };
    expect(chooseClientPriority("auto", exact, true, "auto")).toEqual({
      kind: "none",
      session: "server's",
      reason: "packet stamps are exact without it",
    });
    expect(chooseClientPriority("auto", exact, true, "kernel").kind).toBe("autogroup");
    expect(chooseClientPriority("realtime", exact, true, "auto").kind).toBe("realtime");
  });

  it("is nothing with a k6 that has no launcher", () => {
    expect(chooseClientPriority("auto", undefined, true, "auto")).toMatchObject({
      kind: "none",
      session: "own",
    });
  });

  it("refuses what is asked for and not permitted, with the remedy", () => {
    expect(() => chooseClientPriority("realtime", launcher(no, yes), true, "auto")).toThrow(
      /`--client-priority realtime`: not permitted \(CAP_SYS_NICE\)\. .*setcap cap_net_raw,cap_sys_nice\+ep/,
    );
    expect(() => chooseClientPriority("autogroup", launcher(yes, no), true, "auto")).toThrow(/autogroup/);
  });

  it("starts k6 in its own session only for its autogroup", () => {
    expect(toPriorityStart({ kind: "autogroup", session: "own" }).ownSession).toBe(true);
    expect(toPriorityStart({ kind: "realtime", session: "server's" })).toEqual({
      variables: { SERVER_BENCH_CLIENT_PRIORITY: "realtime" },
      ownSession: false,
    });
  });
});
