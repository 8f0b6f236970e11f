// Draws the charts of a page as they come into view, fills their tables, and draws anew for another theme, width or paper.

import { DrawnChart } from "./draw.ts";
import { listenForTables } from "./number-table.ts";
import type { Picture } from "./report/chart.ts";
import { LIGHT } from "./theme.ts";
import { listenForTheme, theTheme } from "./theme-toggle.ts";

/** CSS pixels of a chart on paper, A4 upright: one or two in a row. */
const PRINT_WIDTH = 660;

/** What the page's own JSON says. */
export function readPageData<Data>(): Data {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "") as Data;
}

/** Each chart into the element of its id. */
export function showCharts(charts: readonly Picture[]): void {
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
}

/** Tests and readers of the page wait for this. */
export function sayReady(): void {
  document.documentElement.dataset.ready = "true";
}
