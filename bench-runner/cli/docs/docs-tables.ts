// The tables of the README, made from the code's own tables; a block in a document is replaced as a whole.

import { apiOf, DIALECTS, ENDPOINTS, pathOf } from "../../../lib/core/apis/apis.ts";
import type { DefinedOption } from "../../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import type { Dialect } from "../../../lib/core/request/dialect.ts";
import { K6_METRICS } from "../../../lib/core/request/k6-metrics.ts";
import { METRICS } from "../../../lib/core/request/metrics.ts";
import { REQUEST_TRENDS } from "../../../lib/core/request/trends.ts";
import { unitSign } from "../../../lib/core/units.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { EXPORT_TABLES } from "../../outputs/export/layout-tables.ts";
import { renderMarkdownTable } from "../../outputs/table/markdown-table.ts";
import { toTextTable } from "../../outputs/table/table.ts";
import { EXIT_CODE_DOCS } from "../../platform/exit-codes.ts";
import { WARNINGS } from "../../summary/judge/warnings.ts";
import { ALIAS_TABLES } from "./alias-docs.ts";

/** The tables by the name in their block's marker: `<!-- table: metrics -->` … `<!-- /table -->`. */
export const DOCS_TABLES = {
  metrics: toMetricsTable,
  options: () => toOptionsTable(LOAD_OPTIONS),
  "shape-options": () => toOptionsTable(SHAPE_OPTIONS),
  "runner-options": () => toOptionsTable(RUNNER_OPTIONS),
  apis: () =>
    renderTable(
      ["`--endpoint`", "servers", "request", "prompt as", "key", "dialects", "without"],
      toApiRows(),
    ),
  dialects: toDialectsTable,
  "exit-codes": () =>
    renderTable(
      ["code", "meaning"],
      EXIT_CODE_DOCS.map(({ code, meaning }) => [String(code), meaning]),
    ),
  warnings: () =>
    renderTable(
      ["warning", "what to do"],
      WARNINGS.map(({ code, remedy }) => [`\`${code}\``, remedy]),
    ),
  ...EXPORT_TABLES,
  ...ALIAS_TABLES,
} as const satisfies Record<string, () => string>;

const BLOCK = /(<!-- table: ([\w-]+) -->\n)[\s\S]*?(<!-- \/table -->)/g;

/**
 * The document with every generated block regenerated.
 * @throws Error for a block that names no table
 */
export function fillTables(document: string): string {
  return document.replace(BLOCK, (_, open: string, name: string, close: string) => {
    const table = (DOCS_TABLES as Record<string, (() => string) | undefined>)[name];
    if (!table) {
      throw new Error(`Unknown table \`${name}\`. Use one of ${Object.keys(DOCS_TABLES).join(", ")}.`);
    }
    return `${open}\n${table()}\n\n${close}`;
  });
}

/** The names of the generated blocks of a document. */
export function namesOfTables(document: string): string[] {
  return [...document.matchAll(BLOCK)].map(([, , name]) => name as string);
}

function toMetricsTable(): string {
  const k6 = K6_METRICS.map(({ key, k6Name, unit, type, isTime }) => [
    METRICS[key].about.title,
    METRICS[key].about.formula,
    unitSign(unit),
    `\`${k6Name}\``,
    isTime ? "Trend (time)" : `${type[0]?.toUpperCase()}${type.slice(1)}`,
  ]);
  const others = REQUEST_TRENDS.filter(({ isInK6 }) => !isInK6);
  return renderTable(
    ["metric", "formula", "unit", "k6 name", "k6 type"],
    [
      ...k6,
      ...others.map(({ about, unit }) => [about.title, about.formula, unitSign(unit), "–", "summary only"]),
    ],
  );
}

function toOptionsTable(table: Record<string, DefinedOption>): string {
  return renderTable(
    ["flag", "variable", "default", "meaning"],
    Object.values(table).map((spec) => [
      spec.flag ? `\`--${spec.flag}\`` : "–",
      spec.variable ? `\`${spec.variable}\`` : "–",
      spec.default === undefined ? "–" : `\`${String(spec.default)}\``,
      `${spec.text}${spec.choices ? ` (${spec.choices.map((choice) => `\`${choice}\``).join(", ")})` : ""}`,
    ]),
  );
}

/** One row an API: its name, servers, requests, and what it cannot be asked for. */
function toApiRows(): string[][] {
  return ENDPOINTS.map((endpoint) => {
    const { servers, input, dialect, syncDialect, auth, lacks, exactLength } = apiOf(endpoint);
    const paths = new Set([pathOf({ endpoint, mode: "stream" }), pathOf({ endpoint, mode: "sync" })]);
    const without = [
      ...lacks.map((key) => `\`--${LOAD_OPTIONS[key].flag}\``),
      ...(syncDialect === undefined ? ["`--mode sync`"] : []),
      ...(exactLength ? [] : ["`--output-length exact`"]),
    ];
    return [
      `\`${endpoint}\``,
      servers,
      [...paths].map((path) => `\`POST ${path}\``).join(", "),
      input === "text" ? "text" : "messages",
      auth === "bearer" ? "bearer" : `\`${auth}\``,
      [dialect, syncDialect].flatMap((read) => (read === undefined ? [] : `\`${read.name}\``)).join(", "),
      without.join(", ") || "–",
    ];
  });
}

function describeEnd({ data, when = [] }: Dialect["end"]): string {
  if (data !== undefined) return `\`${data}\``;
  const ends = [when]
    .flat()
    .map(({ path, equals }) => (equals === undefined ? `any \`${path}\`` : `\`${path}\` is \`${equals}\``));
  return ends.length === 0 ? "the body's" : ends.join(", ");
}

function toDialectsTable(): string {
  return renderTable(
    ["dialect", "framing", "tokens at", "end"],
    Object.values<Dialect>(DIALECTS).map(({ name, framing, tokens, end }) => [
      `\`${name}\``,
      framing,
      [...new Set(tokens.map(({ path }) => `\`${path}\``))].join(", "),
      describeEnd(end),
    ]),
  );
}

function renderTable(titles: string[], rows: string[][]): string {
  return renderMarkdownTable(toTextTable(titles, rows));
}
