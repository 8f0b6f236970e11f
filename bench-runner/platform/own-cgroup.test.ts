import { describe, expect, test } from "vitest";
import { findOwnGroup, toCommandInside } from "./own-cgroup.ts";

const cgroup2 = (root: string, mount: string) =>
  `30 23 0:26 ${root} ${mount} rw,nosuid,nodev,noexec shared:4 - cgroup2 cgroup2 rw,nsdelegate`;
const others = "22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw";

describe("the runner's control group", () => {
  test.each([
    [
      "of a session",
      cgroup2("/", "/sys/fs/cgroup"),
      "0::/user.slice/a.scope",
      "/sys/fs/cgroup/user.slice/a.scope",
    ],
    [
      "beside those of version 1",
      cgroup2("/", "/sys/fs/cgroup/unified"),
      "9:cpu:/x\n0::/",
      "/sys/fs/cgroup/unified",
    ],
    [
      "of a container, mounted at its own root",
      cgroup2("/docker/7", "/sys/fs/cgroup"),
      "0::/docker/7/b",
      "/sys/fs/cgroup/b",
    ],
    ["outside of what is mounted", cgroup2("/docker/7", "/sys/fs/cgroup"), "0::/docker/8", undefined],
    [
      "of version 1 alone",
      "31 30 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu",
      "4:cpu:/x",
      undefined,
    ],
  ])("%s", (_, mount, groups, path) => {
    expect(findOwnGroup(`${others}\n${mount}\n`, `${groups}\n`)).toBe(path);
  });

  test("is entered by the process that becomes the command", () => {
    const { file, args } = toCommandInside({ path: "/g" }, { file: "serve", args: ["a b", "$x"] });
    expect([file, ...args]).toEqual([
      ...["/bin/sh", "-c", 'echo $$ > "$0" 2>/dev/null; exec "$@"', "/g/cgroup.procs", "serve", "a b", "$x"],
    ]);
  });
});
