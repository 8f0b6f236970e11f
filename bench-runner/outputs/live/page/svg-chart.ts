// One chart of the live page as SVG: its axes, its lines, and the values at the pointer.
//
// Everything that comes from the run is inserted as text or as numbers, never as HTML.
import type { LinePoint, LinesChart, LinesSeries } from "../../charts/chart-spec.ts";
import { formatIn, formatOverTime, formatTickIn } from "../../charts/pictures/axis-numbers.ts";
import { roundUp } from "../../charts/pictures/scale.ts";

/** Where the pointer is on the time axis; the same for all charts. */
export interface Hover {
  atMs: number | undefined;
}

const LONGEST_SPAN_MS = 600_000;
const SHORTEST_SPAN_MS = 60_000;
const LEFT = 52;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
const HEIGHT = 150;
/** A limit beyond this multiple of the largest value would press the lines flat: it is said, not drawn. */
const FARTHEST_MARK = 4;

/** From values to places in the picture. */
interface Scales {
  width: number;
  fromMs: number;
  toMs: number;
  /** The value at the upper end. */
  top: number;
  x(unixMs: number): number;
  y(value: number): number;
}

/** @param redraw of all charts, when the pointer moves */
export function drawChart(chart: LinesChart, hover: Hover, redraw: () => void): void {
  const section = document.getElementById(chart.id) as HTMLElement;
  const svg = section.querySelector("svg") as SVGSVGElement;
  const scales = toScales(chart, Math.max(160, svg.clientWidth));
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${scales.width} ${HEIGHT}`);
  drawAxes(svg, chart, scales);
  for (const one of chart.series) {
    add(svg, "path", { class: `line ${toStyle(one)}`, d: toPath(one.points, scales) });
  }
  drawMarks(section, svg, chart, scales);
  const shownMs = toShownMs(chart, hover);
  if (hover.atMs !== undefined && shownMs !== undefined) {
    const x = scales.x(shownMs);
    add(svg, "line", { class: "cursor", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM });
  }
  showValues(section, svg, chart, shownMs);
  listenForPointer(svg, scales, hover, redraw);
}

function toScales({ series, marks = [] }: LinesChart, width: number): Scales {
  const points = series[0]?.points ?? [];
  const toMs = points.at(-1)?.x ?? Date.now();
  const firstMs = points[0]?.x ?? toMs;
  const fromMs = Math.max(toMs - LONGEST_SPAN_MS, Math.min(firstMs, toMs - SHORTEST_SPAN_MS));
  const values = series.flatMap((one) => one.points.map(({ y }) => y ?? 0));
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const limits = marks.map(({ at }) => at).filter((at) => largest === 0 || at <= FARTHEST_MARK * largest);
  const top = roundUp(Math.max(largest, ...limits));
  return {
    width,
    fromMs,
    toMs,
    top,
    x: (ms) => LEFT + ((ms - fromMs) / (toMs - fromMs)) * (width - LEFT - RIGHT),
    y: (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM),
  };
}

function drawAxes(svg: SVGSVGElement, { x: time, y: values }: LinesChart, scales: Scales): void {
  const { width, fromMs, toMs, top } = scales;
  for (const level of [0, top / 2, top]) {
    const y = scales.y(level);
    add(svg, "line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y, y2: y });
    add(svg, "text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, formatTickIn(values.unit, level));
  }
  add(svg, "text", { x: LEFT, y: HEIGHT - 4 }, formatTickIn(time.unit, fromMs));
  add(svg, "text", { x: width - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, formatTickIn(time.unit, toMs));
}

/** A limit is a line across the chart, and a text in the note below it, where nothing can cover it. */
function drawMarks(
  section: HTMLElement,
  svg: SVGSVGElement,
  { description, marks = [] }: LinesChart,
  scales: Scales,
): void {
  const texts = marks.map(({ at, label }) => {
    if (at > scales.top) return `${label}: above the chart`;
    const y = scales.y(at);
    add(svg, "line", { class: "limit", x1: LEFT, x2: scales.width - RIGHT, y1: y, y2: y });
    return `${label}: the dashed line`;
  });
  (section.querySelector(".note") as HTMLElement).textContent = [description, ...texts].join(" · ");
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

function toStyle({ colour = 0 }: LinesSeries): string {
  return colour === "bad" ? "bad" : `s${colour}`;
}

/** A line is broken where a value is missing. */
function toPath(points: readonly LinePoint[], { x, y }: Scales): string {
  return points
    .map((point, at) => {
      if (point.y === undefined) return "";
      const place = `${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`;
      // A single point would be a line of no length.
      return points[at - 1]?.y === undefined ? `M${place}h0.1` : `L${place}`;
    })
    .join("");
}

/** The time of the point nearest to the pointer; without a pointer that of the last point. */
function toShownMs({ series }: LinesChart, { atMs }: Hover): number | undefined {
  const points = series[0]?.points ?? [];
  if (atMs === undefined) return points.at(-1)?.x;
  const distance = ({ x }: LinePoint) => Math.abs(x - atMs);
  return points.reduce<LinePoint | undefined>(
    (best, point) => (best === undefined || distance(point) < distance(best) ? point : best),
    undefined,
  )?.x;
}

/** Next to the heading, and for screen readers. */
function showValues(
  section: HTMLElement,
  svg: SVGSVGElement,
  { title, series, x, y, marks = [] }: LinesChart,
  shownMs: number | undefined,
): void {
  const texts = series.map(({ name, points }) => {
    const value = points.find((point) => point.x === shownMs)?.y;
    const text = value === undefined ? "–" : formatOverTime(y.unit, value);
    return series.length > 1 ? `${name} ${text}` : text;
  });
  const now = section.querySelector(".now") as HTMLElement;
  now.replaceChildren(
    ...series.map((one, index) => {
      const part = document.createElement("span");
      part.className = `key ${toStyle(one)}`;
      part.textContent = texts[index] ?? "";
      return part;
    }),
  );
  now.title = shownMs === undefined ? "" : formatIn(x.unit, shownMs);
  svg.setAttribute("aria-label", `${title}: ${[...texts, ...marks.map(({ label }) => label)].join(", ")}`);
}

function listenForPointer(svg: SVGSVGElement, scales: Scales, hover: Hover, redraw: () => void): void {
  const { width, fromMs, toMs } = scales;
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
