// Draws the charts of a page as they come into view, and again when theme, width or medium change; fills their tables.
import type { ChartSpec } from "../chart-spec.ts";
import { LIGHT } from "../theme.ts";
import { listenForCopy } from "./copy-buttons.ts";
import { DrawnChart } from "./drawn-chart.ts";
import { listenForTables } from "./number-table.ts";
import { listenForTheme, theTheme } from "./theme-toggle.ts";

/** CSS pixels of a chart on paper, A4 upright: one or two in a row. */
const PRINT_WIDTH = 660;

/** The JSON within the page. */
export function readPageData<Data>(): Data {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "") as Data;
}

/** Each chart goes into the element of its id. Tests wait for the attribute `data-ready`. */
export function startPage(charts: readonly ChartSpec[]): void {
  showCharts(charts);
  listenForTables(charts);
  listenForCopy();
  document.documentElement.dataset.ready = "true";
}

function showCharts(charts: readonly ChartSpec[]): void {
  const drawn = new Map<Element, DrawnChart>();
  for (const chart of charts) {
    const place = document.getElementById(chart.id);
    if (place !== null) drawn.set(place, new DrawnChart(chart, place));
  }

  let isOnPaper = matchMedia("print").matches;
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

  /** On paper every chart is drawn in light colours, whether it was in view before or not. */
  const turnTo = (paper: boolean) => {
    isOnPaper = paper;
    redraw();
  };
  addEventListener("beforeprint", () => turnTo(true));
  addEventListener("afterprint", () => turnTo(false));
  matchMedia("print").addEventListener("change", ({ matches }) => turnTo(matches));

  listenForTheme(redraw);
}
