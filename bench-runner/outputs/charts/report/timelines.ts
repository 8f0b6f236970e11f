// The slowest requests as timelines: when each was connected, got headers, its first token, its tokens, its end.
import type { EChartsOption } from "echarts";
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Timeline } from "../../../summary/series/report-data.ts";
import { bottomAxis, frame, legend } from "./axes.ts";
import type { Chart, Look } from "./chart.ts";
import { drawFailure, drawSpan, drawToken, toFill } from "./timeline-shapes.ts";
import { PARTS, toSpans } from "./timeline-spans.ts";
import { escapeText, formatClock, formatMs, formatTick } from "./words.ts";

export function toTimelineChart(slowest: readonly Timeline[]): Chart | undefined {
  const [first] = slowest;
  if (first === undefined) return undefined;
  const finding = toFinding(slowest);
  return {
    id: "slowest",
    section: "slowest",
    title: slowest.length === 1 ? "The slowest request" : `The ${slowest.length} slowest requests`,
    finding,
    legend: "Each upright stroke is a token; ✕ is the end of a request that did not complete.",
    height: 96 + slowest.length * 34,
    isWide: true,
    option: (look) => toOption(slowest, look, finding),
    table: () => ({
      columns: ["request", "started at", "verdict", ...PARTS, "E2E", "prompt tokens", "completion tokens"],
      rows: slowest.map((timeline) => {
        const spans = toSpans(timeline);
        return [
          describe(timeline),
          formatClock(timeline.startSeconds),
          timeline.verdict,
          ...PARTS.map((part) => {
            const span = spans.find((one) => one.part === part);
            return span === undefined ? "" : formatMs(span.to - span.from);
          }),
          formatMs(timeline.endMs - (timeline.sentMs ?? 0)),
          formatNumber(timeline.promptTokens, "count"),
          formatNumber(timeline.completionTokens, "count"),
        ];
      }),
    }),
  };
}

/** "row 12, turn 3". */
function describe({ row, task, turn }: Timeline): string {
  return [
    `row ${row}`,
    ...(turn === undefined ? [] : [`turn ${turn}`]),
    ...(task === undefined ? [] : [task]),
  ].join(", ");
}

function toFinding(slowest: readonly Timeline[]): string {
  const [worst] = slowest as [Timeline];
  const longest = toSpans(worst).sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  const failed = slowest.filter(({ verdict }) => verdict !== "complete").length;
  return [
    `The slowest request took ${formatMs(worst.endMs)}`,
    longest === undefined
      ? ""
      : `, ${formatMs(longest.to - longest.from)} of it in one part: ${longest.part}`,
    failed === 0 ? "." : `; ${failed} of the ${slowest.length} did not complete.`,
  ].join("");
}

function toOption(slowest: readonly Timeline[], look: Look, finding: string): EChartsOption {
  const { theme, width } = look;
  const isNarrow = width < 480;
  const longest = Math.max(...slowest.map(({ endMs }) => endMs));
  const rows = slowest.map((timeline, index) => ({ timeline, index, spans: toSpans(timeline) }));
  return {
    ...frame(look, finding),
    legend: {
      ...legend(look),
      data: PARTS.filter((part) => rows.some(({ spans }) => spans.some((one) => one.part === part))),
    },
    grid: { left: isNarrow ? 30 : 150, right: 16, top: isNarrow ? 34 : 40, bottom: 40 },
    xAxis: {
      ...bottomAxis(theme, "time since the request was begun", formatTick),
      min: 0,
      // Room for the word behind a request that did not complete.
      max: longest * (slowest.some(({ verdict }) => verdict !== "complete") ? 1.16 : 1.02),
      axisLabel: {
        color: theme.muted,
        fontSize: 11,
        formatter: formatTick,
        hideOverlap: true,
        showMaxLabel: false,
      },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(({ timeline, index }) =>
        isNarrow ? `${index + 1}` : `${index + 1} · ${describe(timeline)}`,
      ),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.text, fontSize: 11, width: isNarrow ? 24 : 138, overflow: "truncate" },
    },
    series: [
      ...PARTS.map((part, at) => ({
        type: "custom" as const,
        name: part,
        itemStyle: { color: toFill(theme, at) },
        encode: { x: [1, 2], y: 0 },
        data: rows.flatMap(({ index, spans }) =>
          spans.filter((span) => span.part === part).map(({ from, to }) => [index, from, to]),
        ),
        renderItem: drawSpan(theme, at),
        tooltip: { formatter: ({ value }: { value: unknown }) => toTooltip(slowest, value) },
      })),
      {
        type: "custom" as const,
        name: "token",
        silent: true,
        encode: { x: 1, y: 0 },
        data: rows.flatMap(({ timeline, index }) => timeline.tokensMs.map((ms) => [index, ms])),
        renderItem: drawToken(theme),
      },
      {
        type: "custom" as const,
        name: "not complete",
        silent: true,
        encode: { x: 1, y: 0 },
        data: rows.flatMap(({ timeline, index }) =>
          timeline.verdict === "complete" ? [] : [[index, timeline.endMs]],
        ),
        renderItem: drawFailure(theme, slowest),
      },
    ],
  };
}

function toTooltip(slowest: readonly Timeline[], value: unknown): string {
  const timeline = slowest[Number((value as number[])[0])] as Timeline;
  const { client, promptTokens, completionTokens } = timeline;
  return [
    `<b>${escapeText(describe(timeline))}</b>${client === undefined ? "" : ` · client ${escapeText(client)}`}`,
    `${escapeText(timeline.verdict)}, begun at ${formatClock(timeline.startSeconds)}`,
    ...toSpans(timeline).map(({ part, from, to }) => `${part}: ${formatMs(to - from)}`),
    `${formatNumber(promptTokens, "count") || "?"} prompt tokens, ${formatNumber(completionTokens, "count") || "?"} completion tokens`,
  ].join("<br>");
}
