import { describe, expect, it } from "vitest";
import type { NamedFinding } from "./finding.ts";
import { toDoctorJson, toDoctorText } from "./render-doctor.ts";

const findings: NamedFinding[] = [
  { name: "Node", status: "ok", text: "24.9.0" },
  { name: "open files", status: "warn", text: "few", remedy: "Raise the limit of them." },
  { name: "Go", status: "absent", text: "not here" },
];
const look = { width: 28, colour: false, unicode: true };

describe("what the checks found", () => {
  it("is aligned under signs, with remedies below, within the width", () => {
    expect(toDoctorText(findings, look)).toBe(
      [
        "✓ Node        24.9.0",
        "! open files  few",
        "              Raise the limit of",
        "              them.",
        "– Go          not here",
        "",
        "This machine is ready, with 1 warning.",
      ].join("\n"),
    );
  });

  it("names the failed checks", () => {
    const failed: NamedFinding[] = [{ name: "k6", status: "fail", text: "missing" }];
    expect(toDoctorText(failed, look)).toBe("✗ k6  missing\n\nThis machine is not ready: k6.");
  });

  it("uses ASCII signs where the locale needs them, and colours where they are wanted", () => {
    const ascii = toDoctorText(findings, { ...look, unicode: false });
    expect(ascii.split("\n").map((line) => line[0])).toEqual(["+", "!", " ", " ", "-", undefined, "T"]);
    expect(toDoctorText(findings, { ...look, colour: true })).toContain("\u001b[32m✓\u001b[39m");
  });

  it("is the same as JSON", () => {
    expect(JSON.parse(toDoctorJson(findings))).toEqual({
      schema: "server-bench/doctor/1",
      canRun: true,
      checks: findings,
    });
  });
});
