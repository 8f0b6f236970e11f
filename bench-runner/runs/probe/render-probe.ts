// One request for the terminal: server, request, response, timeline and verdict. Pure.
import { isWide } from "../../../lib/core/ends.ts";
import { formatEnds, formatValue } from "../../../lib/core/units.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { cutToWidth, padToWidth, wrapToWidth } from "../../platform/terminal-text.ts";
import type { Moment, ProbeResult } from "./probe-result.ts";
import type { Head } from "./read-dumps.ts";

const MOST_BODY_LINES = 40;
const MOST_TEXT_LINES = 30;
const MOST_GAPS = 200;
const NAME_WIDTH = 18;

type Lines = string[];

/** A heading with its lines below it; empty without lines. */
function section(title: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => (line === "" ? "" : `  ${line}`))];
}

function limit(lines: Lines, most: number): Lines {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `… ${lines.length - most} more lines`];
}

function renderHead({ line, headers }: Head, width: number): Lines {
  return [line, ...headers.map(([name, value]) => `${name}: ${value}`)].map((text) =>
    cutToWidth(toPlainLine(text), width),
  );
}

function renderBody(body: unknown, width: number): Lines {
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  const lines = text.split("\n").map((line) => {
    const indent = /^ */.exec(line)?.[0] ?? "";
    return cutToWidth(indent + toPlainLine(line), width);
  });
  return limit(lines, MOST_BODY_LINES);
}

function renderProse(text: string, width: number): Lines {
  return limit(
    text.split("\n").flatMap((line) => wrapToWidth(toPlainLine(line), width)),
    MOST_TEXT_LINES,
  );
}

const ms = (value: number) => value.toFixed(3);

function renderTimeline(timeline: readonly Moment[]): Lines {
  return timeline.map(
    ({ name, atMs, afterMs }, index) =>
      `${name.padEnd(14)}${ms(atMs).padStart(12)} ms${index === 0 ? "" : `  +${ms(afterMs)}`}`,
  );
}

function renderGaps({ gapsMs = [], gaps }: ProbeResult, width: number): Lines {
  if (gaps === undefined) return [];
  const shown = gapsMs.slice(0, MOST_GAPS).map((gap) => gap.toFixed(gap < 10 ? 2 : 1));
  const rest = gapsMs.length - shown.length;
  return [
    `${gapsMs.length} gaps: at least ${ms(gaps.min)}, median ${ms(gaps.median)}, at most ${ms(gaps.max)} ms`,
    ...wrapToWidth(shown.join(" "), width),
    ...(rest > 0 ? [`… ${rest} more`] : []),
  ];
}

/** A name, and its value wrapped in its own column. */
function renderRow(name: string, value: string, width: number): Lines {
  const [first = "", ...more] = wrapToWidth(toPlainLine(value), width - NAME_WIDTH);
  return [padToWidth(name, NAME_WIDTH) + first, ...more.map((line) => " ".repeat(NAME_WIDTH) + line)];
}

function renderDetails({ details, ranges, usage, finishReason }: ProbeResult, width: number): Lines {
  const time = (key: "ttftMs" | "tpotMs") => {
    const ends = ranges?.[key];
    return ends && isWide(ends) ? formatEnds(ends, "ms") : formatValue(details[key], "ms");
  };
  const estimated = details.completionEstimated ? " (token events: the server reports no usage)" : "";
  const rows: [string, string][] = [
    ["TTFT", time("ttftMs")],
    ["TPOT", time("tpotMs")],
    ["E2E", formatValue(details.e2eMs, "ms")],
    ["output tokens/s", formatValue(details.generationTokensPerSecond, "tokens/s")],
    ["prompt tokens", formatValue(details.promptTokens, "tokens")],
    ["from the cache", formatValue(details.cachedTokens, "tokens")],
    ["completion", formatValue(details.completionTokens, "tokens") + estimated],
    ["finish reason", finishReason ?? ""],
    ["flags", details.flags.join(", ")],
    [
      "server reports",
      Object.entries(usage)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
    ],
  ];
  return rows.flatMap(([name, value]) => (value === "" ? [] : renderRow(name, value, width)));
}

/** Which flags the server needs, and whether they are enough. */
function renderRefused({ refused }: ProbeResult): Lines {
  if (refused === undefined) return [];
  const { flags, verdict, error } = refused;
  const outcome =
    verdict === "complete"
      ? "the answer is complete."
      : `the verdict is ${verdict}${error === undefined ? "" : `: ${toPlainLine(error)}`}`;
  return [`The server refuses what this request has. With \`${flags}\` ${outcome}`];
}

/**
 * @param server description of the server, one or more lines
 * @param width columns of the terminal; longer lines are cut or wrapped
 */
export function renderProbe(result: ProbeResult, server: string, width: number): string {
  const inner = Math.max(40, Math.min(width, 120) - 2);
  const { request, response, details, redirects, error, text } = result;
  const isRead = details.verdict === "complete";
  return [
    ...server.split("\n").map((line) => cutToWidth(line, inner + 2)),
    ...section(`Request (${formatValue(request.bytes, "count")} bytes of body)`, [
      ...renderHead(request, inner),
      "",
      ...renderBody(request.body, inner),
    ]),
    ...section(
      redirects > 0 ? `Response after ${redirects} redirects` : "Response",
      response === undefined
        ? ["none"]
        : [
            ...renderHead(response, inner),
            ...(isRead || !response.body ? [] : ["", ...renderBody(response.body, inner)]),
          ],
    ),
    ...section("Timeline", renderTimeline(result.timeline)),
    ...section("Gaps between tokens (ms)", renderGaps(result, inner)),
    ...section("Text", text === undefined ? [] : renderProse(text, inner)),
    ...section("Figures", renderDetails(result, inner)),
    "",
    cutToWidth(
      `Verdict: ${details.verdict}${error === undefined ? "" : ` – ${toPlainLine(error)}`}`,
      inner + 2,
    ),
    ...renderRefused(result).flatMap((line) => wrapToWidth(line, inner + 2)),
  ].join("\n");
}
