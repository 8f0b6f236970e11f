import { describe, expect, it } from "vitest";
import { chooseClientPriority, toPriorityStart } from "./client-priority.ts";

const yes = { possible: true };
const no = { possible: false, reason: "not permitted (CAP_SYS_NICE)" };
const launcher = (realtime: typeof yes, autogroup: typeof yes) => ({
  path: "bin/k6",
  priority: { realtime, autogroup },
});

describe("chooseClientPriority", () => {
  it("takes the most that is permitted, and says why not more", () => {
    expect(chooseClientPriority("auto", launcher(yes, yes), true)).toEqual({
      kind: "realtime",
      session: "server's",
    });
    expect(chooseClientPriority("auto", launcher(no, yes), true)).toEqual({
      kind: "autogroup",
      session: "own",
      reason: no.reason,
    });
    expect(chooseClientPriority("auto", launcher(no, no), true)).toEqual({
      kind: "none",
      session: "server's",
      reason: no.reason,
    });
  });

  it("keeps k6 in the runner's session where the run starts no server", () => {
    expect(chooseClientPriority("none", launcher(yes, yes), false)).toEqual({
      kind: "none",
      session: "runner's",
    });
  });

  it("is nothing with a k6 that has no launcher", () => {
    expect(chooseClientPriority("auto", undefined, true)).toMatchObject({ kind: "none", session: "own" });
  });

  it("refuses what is asked for and not permitted, with the remedy", () => {
    expect(() => chooseClientPriority("realtime", launcher(no, yes), true)).toThrow(
      /`--client-priority realtime`: not permitted \(CAP_SYS_NICE\)\. .*setcap cap_net_raw,cap_sys_nice\+ep/,
    );
    expect(() => chooseClientPriority("autogroup", launcher(yes, no), true)).toThrow(/autogroup/);
  });

  it("starts k6 in its own session only for its autogroup", () => {
    expect(toPriorityStart({ kind: "autogroup", session: "own" }).ownSession).toBe(true);
    expect(toPriorityStart({ kind: "realtime", session: "server's" })).toEqual({
      variables: { SERVER_BENCH_CLIENT_PRIORITY: "realtime" },
      ownSession: false,
    });
  });
});
