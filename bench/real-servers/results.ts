// What is kept of a proof: docs/real-servers.json, and the table between markers in docs/servers.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { inProject } from "../../bench-runner/platform/project-root.ts";
import { replaceMarked } from "../marked-text.ts";
import type { ProofResult } from "./proof.ts";

export interface ServerResult {
  name: string;
  /** ISO. */
  testedAt: string;
  version?: string;
  /** Why it could not be had, or did not start. */
  leftOut?: string;
  proofs: NamedResult[];
}

export interface NamedResult extends ProofResult {
  name: string;
  /** Why the server itself is the reason of its problems. */
  explained?: string;
}

const JSON_FILE = inProject("docs", "real-servers.json");
const MARKDOWN_FILE = inProject("docs", "servers.md");

/** Puts a server's result in the place of its former one; the others stay. */
export function keepResult(key: string, result: ServerResult): void {
  const former = existsSync(JSON_FILE)
    ? (JSON.parse(readFileSync(JSON_FILE, "utf8")) as { servers: Record<string, ServerResult> }).servers
    : {};
  const servers = { ...former, [key]: result };
  writeFileSync(
    JSON_FILE,
    `${JSON.stringify({ schema: "server-bench/real-servers/1", servers }, null, 1)}\n`,
  );
  const text = readFileSync(MARKDOWN_FILE, "utf8");
  writeFileSync(MARKDOWN_FILE, replaceMarked(text, "realservers", renderResults(Object.values(servers))));
}

/** The table in Markdown: servers that were had, then what was tried and not had, with the reason. Pure. */
export function renderResults(results: readonly ServerResult[]): string {
  const had = results.filter(({ leftOut }) => leftOut === undefined);
  const lines = had.map(({ name, version, testedAt, proofs }) => {
    const isProven = ({ problems }: ProofResult) => problems.length === 0;
    const good = proofs.filter(isProven).map((proof) => proof.name);
    const bad = proofs
      .filter((proof) => !isProven(proof))
      .map(
        ({ name, problems, explained }) =>
          `${name}: ${problems.join("; ")}${explained ? ` (${explained})` : ""}`,
      );
    const cells = [name, version ?? "–", good.join(", "), bad.join(". ") || "–", testedAt.slice(0, 10)];
    return `| ${cells.map(toCell).join(" | ")} |`;
  });
  const missing = results.filter(({ leftOut }) => leftOut !== undefined);
  const notHad = missing.map(
    ({ name, leftOut, testedAt }) => `- ${name} (${testedAt.slice(0, 10)}): ${toCell(leftOut ?? "")}`,
  );
  return [
    "",
    "| server | version | proven | findings | when |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    ...(notHad.length > 0 ? ["", "Tried and not had:", "", ...notHad] : []),
    "",
  ].join("\n");
}

/** One line, without what ends a cell. */
const toCell = (text: string) => text.replace(/\s+/g, " ").replaceAll("|", "\\|");
