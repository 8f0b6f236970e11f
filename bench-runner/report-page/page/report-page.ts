// The page's own script: draws charts as they come into view, fills their tables, changes the theme, copies texts.
import type { ReportData } from "../report-data.ts";
import { toCharts } from "./charts/all-charts.ts";
import { listenForCopy } from "./copy.ts";
import { DrawnChart } from "./draw.ts";
import { listenForTables } from "./number-table.ts";
import { LIGHT } from "./theme.ts";
import { listenForTheme, theTheme } from "./theme-toggle.ts";

/** CSS pixels of a chart on paper, A4 upright: one or two in a row. */
const PRINT_WIDTH = 660;

const data = JSON.parse(document.getElementById("report-data")?.textContent ?? "") as ReportData;
const charts = toCharts(data);
const drawn = new Map<Element, DrawnChart>();
for (const chart of charts) {
  const place = document.getElementById(chart.id);
  if (place !== null) drawn.set(place, new DrawnChart(chart, place));
}

let isOnPaper = false;
const draw = (chart: DrawnChart | undefined) =>
  isOnPaper ? chart?.draw(LIGHT, PRINT_WIDTH) : chart?.draw(theTheme());
const redraw = () => {
  for (const chart of drawn.values()) if (chart.isDrawn || isOnPaper) draw(chart);
};

const inView = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) draw(drawn.get(target));
  },
  { rootMargin: "300px" },
);
for (const place of drawn.keys()) inView.observe(place);

let waiting = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(redraw);
}).observe(document.body);

/** On paper is every chart, light, whether it was seen before or not. */
const turnTo = (paper: boolean) => {
  isOnPaper = paper;
  redraw();
};
addEventListener("beforeprint", () => turnTo(true));
addEventListener("afterprint", () => turnTo(false));
matchMedia("print").addEventListener("change", ({ matches }) => turnTo(matches));

listenForTheme(redraw);
listenForTables(charts);
listenForCopy();
document.documentElement.dataset.ready = "true";
