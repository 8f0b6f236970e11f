import { describe, expect, it } from "vitest";
import { canRun, type Finding, type NamedFinding } from "./finding.ts";
import { judgeClock, judgeDisk } from "./machine-checks.ts";
import { judgeFiles, judgePorts, judgeServers, parsePortRange } from "./network-checks.ts";
import { judgePriority } from "./priority-check.ts";
import { judgeGo, judgeGpus, judgeNode, parseLlamaVersion, splitRemedy } from "./program-checks.ts";
import { judgeStamps } from "./stamps-check.ts";

const many = { streams: 1000, isStreamsAsked: false };
const asked = { streams: 1000, isStreamsAsked: true };
const linux = { platform: "linux", asked: undefined, words: "" };
const yes = { possible: true };
const no = { possible: false, reason: "not permitted (CAP_SYS_NICE)" };
const fine = { source: "tsc", stepNs: 40, jumpMs: 0 };
const gpus = { exitCode: 0, stdout: "NVIDIA H100, 81559, 550.54\n", stderr: "" };

describe("a check", () => {
  const rows: [string, Finding, Finding["status"], RegExp][] = [
    ["takes a new Node", judgeNode("24.9.0"), "ok", /^24\.9\.0\n/],
    [
      "says which Node the project's own replaces",
      judgeNode("22.12.0", "18.20.4"),
      "ok",
      /^22\.12\.0, the project's own, because the `node` of your PATH is 18\.20\.4, older than 22\.12\n/,
    ],
    ["refuses an older one", judgeNode("22.11.0"), "fail", /older than 22\.12/],
    ["does without Go", judgeGo(undefined), "absent", /only building k6 needs it/],
    ["knows an old Go", judgeGo("go1.19.8\n"), "absent", /1\.19\.8 is too old/],
    ["takes a Go that can build", judgeGo("go1.21.0\n"), "ok", /^1\.21\.0\n/],

    ["praises packet stamps", judgeStamps("packet", linux), "ok", /^packet, tested.*TCP segments[^→]*$/s],
    [
      "accepts the kernel's stamps, and says what would allow more",
      judgeStamps("kernel", { ...linux, reason: "packet capture is not permitted" }),
      "ok",
      /^kernel, tested.*packet capture is not permitted.*setcap cap_net_raw,cap_sys_nice\+ep.*NET_RAW/s,
    ],
    [
      "says how to allow more where the kernel's stamps were asked for",
      judgeStamps("kernel", { ...linux, asked: "kernel" }),
      "ok",
      /Unset `SERVER_BENCH_STAMPS`/,
    ],
    [
      "warns of a kernel without them",
      judgeStamps("user", linux),
      "warn",
      /This kernel does not provide them/,
    ],
    [
      "warns of another system",
      judgeStamps("user", { ...linux, platform: "darwin" }),
      "warn",
      /Only Linux provides them/,
    ],
    [
      "says how to switch them on",
      judgeStamps("user", { ...linux, asked: "user" }),
      "warn",
      /Unset `SERVER_BENCH_STAMPS`/,
    ],
    [
      "fails where k6 recorded nothing, with its words",
      judgeStamps(undefined, { ...linux, words: "it broke" }),
      "fail",
      /it broke.*npm run setup/s,
    ],

    [
      "takes a raised session, and says what else is permitted",
      judgePriority({ realtime: yes, autogroup: yes }),
      "ok",
      /raise its session, and run in real time on request/,
    ],
    [
      "says how k6 runs in real time where its session cannot be raised",
      judgePriority({ realtime: yes, autogroup: no }),
      "ok",
      /--client-priority realtime. only, but not raise its session: not permitted/,
    ],
    [
      "takes a raised session, and says why not more",
      judgePriority({ realtime: no, autogroup: yes }),
      "ok",
      /raise its session, but not run in real time: not permitted/,
    ],
    [
      "says how k6 gets a priority",
      judgePriority({ realtime: no, autogroup: no }),
      "warn",
      /not permitted .*\n.*setcap cap_net_raw,cap_sys_nice\+ep/s,
    ],
    ["does without a priority elsewhere", judgePriority(undefined), "absent", /only on Linux/],

    [
      "does without nvidia-smi",
      judgeGpus({ exitCode: undefined, stdout: "", stderr: "", startError: "ENOENT" }),
      "absent",
      /not installed/,
    ],
    ["names the GPUs", judgeGpus(gpus), "ok", /NVIDIA H100/],
    [
      "warns where the driver is broken, with its words",
      judgeGpus({ exitCode: 9, stdout: "NVIDIA-SMI has failed because…\n", stderr: "" }),
      "warn",
      /has failed because.*Check the driver/s,
    ],

    ["has ports for the streams", judgePorts(28_232, many), "ok", /28,232 for connections, 1,000/],
    [
      "warns where closed connections may use them up",
      judgePorts(1500, asked),
      "warn",
      /ip_local_port_range/,
    ],
    ["fails where there are fewer than asked for", judgePorts(900, asked), "fail", /ip_local_port_range/],
    ["warns where the default number is too high", judgePorts(900, many), "warn", /ip_local_port_range/],
    ["takes a system that does not count ports", judgePorts(undefined, many), "ok", /free/],

    [
      "has open files for the streams",
      judgeFiles({ soft: 20_000, hard: 20_000 }, many),
      "ok",
      /20,000 allowed/,
    ],
    [
      "has any number of them",
      judgeFiles({ soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY }, many),
      "ok",
      /any number allowed/,
    ],
    ["warns of a low limit", judgeFiles({ soft: 256, hard: 20_000 }, many), "warn", /ulimit -n 1100/],
    [
      "fails where the number that was asked for is too high",
      judgeFiles({ soft: 256, hard: 512 }, asked),
      "fail",
      /512 are allowed/,
    ],
    ["warns where they are not", judgeFiles({ soft: 256, hard: 512 }, many), "warn", /512 are allowed/],
    ["takes a system without a limit to read", judgeFiles(undefined, many), "absent", /does not report/],

    ["takes a good clock", judgeClock(fine), "ok", /tsc, in steps of 40 ns/],
    ["takes a clock without a name", judgeClock({ stepNs: 40, jumpMs: 1 }), "ok", /monotonic/],
    [
      "warns of a slow clock",
      judgeClock({ ...fine, source: "hpet" }),
      "warn",
      /slow to read.*clocksource=tsc/s,
    ],
    ["warns of a coarse clock", judgeClock({ ...fine, stepNs: 1e6 }), "warn", /steps are 1\.000 ms/],
    [
      "warns where the time of day is being set",
      judgeClock({ ...fine, jumpMs: -300 }),
      "warn",
      /moved by -300\.0 ms/,
    ],

    ["has room on the disk", judgeDisk("/runs", 50e9), "ok", /50,000\.0 MB free for \/runs/],
    ["warns of little room", judgeDisk("/runs", 1e9), "warn", /Free some space/],
    ["fails without room", judgeDisk("/runs", 50e6), "fail", /Free some space/],

    ["says that no server answers", judgeServers([], [8080, 8000]), "absent", /8080, 8000/],
    [
      "lists the servers that answer",
      judgeServers(
        [
          { url: "http://127.0.0.1:8000", name: "vLLM 0.10", models: [] },
          { url: "http://127.0.0.1:1", models: [], trouble: "no key" },
        ],
        [],
      ),
      "ok",
      /8000 \(vLLM 0\.10\), http:\/\/127\.0\.0\.1:1 \(not ready, or requires a key\)/,
    ],
  ];
  it.each(rows)("%s", (_, { status, text, remedy = "" }, expected, words) => {
    expect(status).toBe(expected);
    expect(`${text}\n${remedy}`).toMatch(words);
    // What is wrong comes with what to do about it.
    if (expected === "warn" || expected === "fail") expect(remedy).toMatch(/\.$/);
  });
});

describe("what programs write", () => {
  it("has llama-server's version", () => {
    expect(parseLlamaVersion("ggml: found\nversion: 7035 (abc)\nbuilt with …")).toBe("7035 (abc)");
    expect(parseLlamaVersion("usage: …")).toBeUndefined();
  });

  it("has the range of ports", () => {
    expect(parsePortRange("32768\t60999\n")).toBe(28_232);
    expect(parsePortRange("none")).toBeUndefined();
  });

  it("is split into the problem and the remedy", () => {
    expect(splitRemedy("The k6 v2.2 is missing (/a.b/k6). Run `npm run setup` now. Or set it.")).toEqual({
      text: "The k6 v2.2 is missing (/a.b/k6)",
      remedy: "Run `npm run setup` now. Or set it.",
    });
    expect(splitRemedy("All in one.")).toEqual({ text: "All in one." });
  });
});

describe("a run", () => {
  const of = (...statuses: Finding["status"][]): NamedFinding[] =>
    statuses.map((status) => ({ name: "x", status, text: "" }));
  it("is possible with warnings and without optional programs, but not with a failure", () => {
    expect(canRun(of("ok", "warn", "absent"))).toBe(true);
    expect(canRun(of("ok", "fail"))).toBe(false);
  });
});
