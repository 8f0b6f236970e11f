import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { describeForeignSettings, findForeignVariables, toK6Environment } from "./k6-environment.ts";

const home = mkdtempSync(join(tmpdir(), "server-bench-home-"));
afterAll(() => rmSync(home, { recursive: true }));

it("takes k6's variables out, apart from settings of outputs and what the run sets", () => {
  const around = {
    PATH: "/bin",
    K6_RPS: "1",
    K6_OUT: "json=x",
    K6_NO_USAGE_REPORT: "false",
    K6_PROMETHEUS_RW_SERVER_URL: "http://p",
    K6_WEB_DASHBOARD: "true",
    K6_WEB_DASHBOARD_PORT: "5665",
    XK6_DASHBOARD_CONFIG: "d.json",
  };
  expect(findForeignVariables(around)).toEqual([
    "K6_NO_USAGE_REPORT",
    "K6_OUT",
    "K6_RPS",
    "K6_WEB_DASHBOARD",
  ]);
  expect(toK6Environment({ K6_NO_USAGE_REPORT: "true", A: "b" }, around)).toEqual({
    K6_RPS: undefined,
    K6_OUT: undefined,
    K6_WEB_DASHBOARD: undefined,
    K6_NO_USAGE_REPORT: "true",
    A: "b",
  });
});

it("names what has no effect, in the environment and in k6's file", () => {
  expect(describeForeignSettings({ HOME: home })).toBeUndefined();
  mkdirSync(join(home, ".config", "k6"), { recursive: true });
  const path = join(home, ".config", "k6", "config.json");
  writeFileSync(path, '{"rps": 2, "collectors": {}, "linger": null}');
  expect(describeForeignSettings({ HOME: home, K6_LINGER: "true" })).toBe(
    `k6's own settings change nothing here: \`K6_LINGER\` in the environment; \`rps\` in ${path}. Use this runner's options, \`--k6-out\` and \`--k6-tag\` among them, or start k6 yourself.`,
  );
  writeFileSync(path, "{");
  expect(describeForeignSettings({ HOME: home })).toBeUndefined();
});
