// One chart of the live page as SVG: its axes, its lines, and the value under the pointer.
//
// Everything that comes from the run is put in as text or as numbers, never as HTML.
import type { LivePoint } from "../live-history.ts";
import { formatNumber, formatTime, roundUp } from "./axis-numbers.ts";

/** A point's keys that a line can be drawn of. */
type LineKey = Exclude<keyof LivePoint, "atUnixMs" | "completed" | "failed">;

export interface LiveChart {
  /** Of its section in the page. */
  id: string;
  unit: string;
  lines: readonly { label: string; key: LineKey; style: "s0" | "s1" | "bad" }[];
}

export const LIVE_CHARTS: readonly LiveChart[] = [
  {
    id: "requests",
    unit: "/s",
    lines: [{ label: "completed", key: "requestsPerSecond", style: "s0" }],
  },
  {
    id: "tokens",
    unit: "/s",
    lines: [{ label: "output tokens", key: "outputTokensPerSecond", style: "s0" }],
  },
  {
    id: "ttft",
    unit: " ms",
    lines: [
      { label: "p50", key: "ttftP50Ms", style: "s0" },
      { label: "p95", key: "ttftP95Ms", style: "s1" },
    ],
  },
  { id: "inflight", unit: "", lines: [{ label: "in flight", key: "inFlight", style: "s0" }] },
  { id: "failures", unit: "/s", lines: [{ label: "failed", key: "failuresPerSecond", style: "bad" }] },
];

/** Where the pointer is, on the time axis; the same for all charts. */
export interface Hover {
  atMs: number | undefined;
}

const LONGEST_SPAN_MS = 600_000;
const SHORTEST_SPAN_MS = 60_000;
/** Points come once a second: over a longer pause there is no line. */
const GAP_MS = 3000;
const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
const HEIGHT = 150;

/** From values to places in the picture. */
interface Scales {
  x(unixMs: number): number;
  y(value: number): number;
}

/** @param redraw of all charts, when the pointer moves */
export function drawChart(
  chart: LiveChart,
  points: readonly LivePoint[],
  hover: Hover,
  redraw: () => void,
): void {
  const section = document.getElementById(chart.id) as HTMLElement;
  const svg = section.querySelector("svg") as SVGSVGElement;
  const width = Math.max(160, svg.clientWidth);
  const last = points.at(-1);
  const toMs = last?.atUnixMs ?? Date.now();
  const firstMs = points[0]?.atUnixMs ?? toMs;
  const fromMs = Math.max(toMs - LONGEST_SPAN_MS, Math.min(firstMs, toMs - SHORTEST_SPAN_MS));
  const values = points.flatMap((point) => chart.lines.map(({ key }) => point[key] ?? 0));
  const top = roundUp(values.reduce((most, value) => Math.max(most, value), 0));
  const scales: Scales = {
    x: (ms) => LEFT + ((ms - fromMs) / (toMs - fromMs)) * (width - LEFT - RIGHT),
    y: (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM),
  };
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  for (const level of [0, top / 2, top]) {
    const y = scales.y(level);
    add(svg, "line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y, y2: y });
    add(svg, "text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, formatNumber(level));
  }
  add(svg, "text", { x: LEFT, y: HEIGHT - 4 }, formatTime(fromMs));
  add(svg, "text", { x: width - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, formatTime(toMs));
  for (const { key, style } of chart.lines) {
    add(svg, "path", { class: `line ${style}`, d: toPath(points, key, scales) });
  }

  const shown = hover.atMs === undefined ? last : findNearest(points, hover.atMs);
  if (hover.atMs !== undefined && shown !== undefined) {
    const x = scales.x(shown.atUnixMs);
    add(svg, "line", { class: "cursor", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM });
  }
  showValues(section, svg, chart, shown);
  svg.onpointermove = (event) => {
    const share = (event.clientX - svg.getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT);
    hover.atMs = fromMs + Math.min(1, Math.max(0, share)) * (toMs - fromMs);
    redraw();
  };
  svg.onpointerleave = () => {
    hover.atMs = undefined;
    redraw();
  };
}

function add(
  parent: SVGElement,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): void {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  parent.append(element);
}

/** A line is broken where a value is missing, and over a pause. */
function toPath(points: readonly LivePoint[], key: LineKey, { x, y }: Scales): string {
  let path = "";
  let before: number | undefined;
  for (const point of points) {
    const value = point[key];
    if (value === undefined) {
      before = undefined;
      continue;
    }
    const isNew = before === undefined || point.atUnixMs - before > GAP_MS;
    path += `${isNew ? "M" : "L"}${x(point.atUnixMs).toFixed(1)} ${y(value).toFixed(1)}`;
    // A single point would be a line of no length.
    if (isNew) path += "h0.1";
    before = point.atUnixMs;
  }
  return path;
}

/** In words beside the heading, and for who cannot see the picture. */
function showValues(
  section: HTMLElement,
  svg: SVGSVGElement,
  { lines, unit }: LiveChart,
  shown: LivePoint | undefined,
): void {
  const texts = lines.map(({ label, key }) => {
    const text = `${formatNumber(shown?.[key])}${unit}`;
    return lines.length > 1 ? `${label} ${text}` : text;
  });
  const now = section.querySelector(".now") as HTMLElement;
  now.replaceChildren(
    ...lines.map(({ style }, index) => {
      const part = document.createElement("span");
      part.className = `key ${style}`;
      part.textContent = texts[index] ?? "";
      return part;
    }),
  );
  now.title = shown === undefined ? "" : formatTime(shown.atUnixMs);
  svg.setAttribute("aria-label", `${section.querySelector("h2")?.textContent}: ${texts.join(", ")}`);
}

function findNearest(points: readonly LivePoint[], unixMs: number): LivePoint | undefined {
  const distance = (point: LivePoint) => Math.abs(point.atUnixMs - unixMs);
  return points.reduce<LivePoint | undefined>(
    (best, point) => (best === undefined || distance(point) < distance(best) ? point : best),
    undefined,
  );
}
