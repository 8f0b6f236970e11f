// What the checks found, as aligned lines for a terminal, or as JSON. Pure.
import { styleText } from "node:util";
import type { TerminalLook } from "../../platform/terminal-look.ts";
import { wrapToWidth } from "../../platform/terminal-text.ts";
import { canRun, type FindingStatus, type NamedFinding } from "./finding.ts";

const SIGNS: Record<
  FindingStatus,
  { sign: string; ascii: string; colour: "green" | "yellow" | "red" | "gray" }
> = {
  ok: { sign: "✓", ascii: "+", colour: "green" },
  warn: { sign: "!", ascii: "!", colour: "yellow" },
  fail: { sign: "✗", ascii: "x", colour: "red" },
  absent: { sign: "–", ascii: "-", colour: "gray" },
};

function toVerdict(findings: readonly NamedFinding[]): string {
  const failed = findings.filter(({ status }) => status === "fail").map(({ name }) => name);
  if (failed.length > 0) return `This machine is not ready: ${failed.join(", ")}.`;
  const warned = findings.filter(({ status }) => status === "warn").length;
  if (warned === 0) return "This machine is ready.";
  return `This machine is ready, with ${warned} warning${warned === 1 ? "" : "s"}.`;
}

/** A sign, the name, what was found, and below it what to do; the verdict at the end. */
export function toDoctorText(findings: readonly NamedFinding[], look: TerminalLook): string {
  const nameWidth = Math.max(...findings.map(({ name }) => name.length)) + 2;
  const indent = " ".repeat(nameWidth + 2);
  const width = Math.max(20, look.width - indent.length);
  const lines = findings.flatMap(({ name, status, text, remedy }) => {
    const { sign, ascii, colour } = SIGNS[status];
    const plain = look.unicode ? sign : ascii;
    const shown = look.colour ? styleText(colour, plain, { validateStream: false }) : plain;
    const said = wrapToWidth(text, width).map(
      (line, index) => `${index === 0 ? `${shown} ${name.padEnd(nameWidth)}` : indent}${line}`,
    );
    const advice = remedy === undefined ? [] : wrapToWidth(remedy, width).map((line) => `${indent}${line}`);
    return [...said, ...advice];
  });
  return [...lines, "", toVerdict(findings)].join("\n");
}

export function toDoctorJson(findings: readonly NamedFinding[]): string {
  const checks = findings.map(({ name, status, text, remedy }) => ({
    name,
    status,
    text,
    ...(remedy !== undefined && { remedy }),
  }));
  return JSON.stringify({ schema: "server-bench/doctor/1", canRun: canRun(findings), checks }, null, 2);
}
