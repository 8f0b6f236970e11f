// The script of the live page: keeps the points that /events sends, and redraws the charts with each.
import { formatIn } from "../../charts/pictures/axis-numbers.ts";
import { LIVE_CHARTS, toLinesChart } from "../live-charts.ts";
import type { LivePoint, LiveState } from "../live-history.ts";
import { drawChart, type Hover } from "./svg-chart.ts";

const HISTORY_MS = 600_000;
/** A last progress line that follows the one before within this time replaces it. */
const SHORT_MS = 500;

const points: LivePoint[] = [];
const hover: Hover = { atMs: undefined };
let slos: LiveState["slos"] = [];
const state = document.getElementById("state") as HTMLElement;
const sums = document.getElementById("sums") as HTMLElement;

function drawAll(): void {
  for (const chart of LIVE_CHARTS) drawChart(toLinesChart(chart, points, slos), hover, drawAll);
  const last = points.at(-1);
  sums.textContent = last
    ? `${formatIn("count", last.completed)} completed, ${formatIn("count", last.failed)} failed`
    : "";
}

function setState(name: string, text: string): void {
  state.dataset.state = name;
  state.textContent = text;
}

function showState({ repeat, repeats, slos: given }: LiveState): void {
  slos = given;
  if (repeat === undefined) setState("waiting", "The load has not started");
  else setState("running", repeats > 1 ? `Running, repeat ${repeat} of ${repeats}` : "Running");
}

function addPoint(point: LivePoint): void {
  const last = points.at(-1);
  if (last !== undefined && point.atUnixMs - last.atUnixMs < SHORT_MS) points.pop();
  points.push(point);
  while ((points[0] as LivePoint).atUnixMs <= point.atUnixMs - HISTORY_MS) points.shift();
}

const events = new EventSource("events");

function listen<Data>(name: string, take: (data: Data) => void): void {
  events.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data) as Data));
}

listen<{ state: LiveState; points: LivePoint[] }>("history", (history) => {
  points.splice(0, points.length, ...history.points);
  showState(history.state);
  drawAll();
});
listen<LiveState>("state", showState);
listen<LivePoint>("point", (point) => {
  addPoint(point);
  drawAll();
});
listen("end", () => {
  events.close();
  setState("ended", "The run is over");
});
events.onerror = () => {
  if (events.readyState !== EventSource.CLOSED) setState("lost", "No connection to the runner");
};
addEventListener("resize", drawAll);
drawAll();
