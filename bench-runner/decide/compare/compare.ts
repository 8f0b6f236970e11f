// The command `compare`: sides, whether they may be compared, the comparison, and where it goes.
import { appendFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseRequirement } from "../../../lib/core/goals/requirement.ts";
import { parseQuantity } from "../../../lib/core/options/quantity.ts";
import { renderChartPage } from "../../outputs/chart-page/render-chart-page.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { comparePair, toSideWords } from "./comparison.ts";
import { renderComparisonMarkdown } from "./comparison-markdown.ts";
import { toComparisonPage } from "./comparison-page.ts";
import type { Comparison, PairComparison } from "./comparison-types.ts";
import { ALLOWABLE } from "./identity.ts";
import { describeDifference } from "./identity-differences.ts";
import { judgeChange } from "./judge-change.ts";
import { loadSide } from "./load-side.ts";
import { renderComparison } from "./render-comparison.ts";

/** The flags of the same names. */
export interface CompareFlags {
  require?: string[];
  strict?: boolean;
  allow?: string[];
  force?: boolean;
  confidence?: string;
  json?: boolean;
  markdown?: string;
  html?: string;
}

/**
 * @returns the exit code: 99 if a requirement failed or, with `strict`, is inconclusive; 4 if one is uncertain and none failed
 * @throws UserError, OptionError
 */
export async function compare(
  baseSource: string,
  nextSources: readonly string[],
  flags: CompareFlags,
  context: Context,
): Promise<number> {
  const confidence = toConfidence(flags.confidence ?? "95%");
  const allow = (flags.allow ?? []).flatMap((text) => text.split(",")).map((key) => key.trim());
  checkAllowed(allow);
  const requirements = (flags.require ?? []).map((text) =>
    parseRequirement(text, "`--require`", { changes: true }),
  );
  const base = await loadSide(baseSource);
  const nexts = [];
  for (const source of nextSources) nexts.push(await loadSide(source));
  const pairs = nexts.map((next, at) => {
    const judged = requirements.map((requirement) => judgeChange(base, next, requirement, confidence));
    return comparePair(base, next, nextSources[at] as string, { confidence, allow }, judged);
  });
  if (!flags.force) refuse(pairs);
  const comparison: Comparison = {
    schema: "server-bench/comparison/1",
    confidence,
    base: toSideWords(base, baseSource),
    pairs,
  };
  const look = toTerminalLook(process.stdout, context.variables);
  if (flags.json) context.print(JSON.stringify(comparison, null, 2));
  else context.print(renderComparison(comparison, look).trimEnd());
  const markdown = () => renderComparisonMarkdown(comparison);
  const isWritten = [
    flags.markdown === undefined || write(flags.markdown, markdown(), context),
    flags.html === undefined ||
      write(flags.html, renderChartPage(toComparisonPage(comparison, [base, ...nexts])), context),
    appendToStepSummary(markdown, context),
  ].every(Boolean);
  const results = pairs.flatMap((pair) => pair.requirements.map(({ result }) => result));
  const isFailed =
    results.includes("failed") ||
    (flags.strict && (results.includes("cannot tell") || results.includes("uncertain")));
  if (!isFailed && results.includes("uncertain")) return EXIT.uncertain;
  return isFailed ? EXIT.threshold : isWritten ? EXIT.ok : EXIT.failed;
}

/** @throws UserError */
function toConfidence(text: string): number {
  const confidence = parseQuantity(text, "share");
  if (confidence !== undefined && confidence >= 0.5 && confidence < 1) return confidence;
  throw new UserError(
    `\`--confidence\`: expected a share from 50% to below 100%, such as \`95%\` or \`0.95\`, got \`${text}\`.`,
    EXIT.usage,
  );
}

/** @throws UserError for an unknown key, which would hide a typing error */
function checkAllowed(keys: readonly string[]): void {
  const unknown = keys.find((key) => !ALLOWABLE.includes(key));
  if (unknown === undefined) return;
  throw new UserError(
    `\`--allow ${unknown}\`: unknown name. Use a group (load, prompts, model, server, machine, tool, run), a name such as server-build, cpu or partial, or the flag of a load option.`,
    EXIT.usage,
  );
}

/** @throws UserError if a difference is not allowed */
function refuse(pairs: readonly PairComparison[]): void {
  const lines = pairs.flatMap(({ next, differences }) =>
    differences
      .filter(({ allowed }) => !allowed)
      .map((difference) => ({
        key: difference.key,
        text: `  ${pairs.length === 1 ? "" : `${next.source}: `}${describeDifference(difference)}`,
      })),
  );
  if (lines.length === 0) return;
  const keys = [...new Set(lines.map(({ key }) => `--allow ${key}`))].join(" ");
  throw new UserError(
    `These are not measurements of the same thing:\n${lines.map(({ text }) => text).join("\n")}\nName the intended differences (\`${keys}\`), or compare anyway with \`--force\`.`,
    EXIT.usage,
  );
}

function write(path: string, text: string, { say }: Context): boolean {
  try {
    writeFileSync(resolve(path), text);
    return true;
  } catch (error) {
    say(`${path} could not be written: ${systemReason(error)}.`);
    return false;
  }
}

function appendToStepSummary(toText: () => string, { variables, say }: Context): boolean {
  const path = variables.GITHUB_STEP_SUMMARY;
  if (!path) return true;
  try {
    appendFileSync(path, `${toText()}\n`);
    return true;
  } catch (error) {
    say(`Could not append to \`${path}\` (GITHUB_STEP_SUMMARY): ${systemReason(error)}.`);
    return false;
  }
}
