// Texts of drawn charts that cannot be read: over each other, struck through, covered, or cut off at the edge. For every page
// that has charts: what a reader sees is what the browser has laid out, whatever drew it.
import type { Page } from "playwright-core";
import { DARK, LIGHT } from "../../bench-runner/outputs/charts/theme.ts";
import { askPage } from "./opened-page.ts";

/** Lines of the grid and the axes may pass behind texts. */
const QUIET = [LIGHT, DARK].flatMap(({ line, muted }) => [line, muted]);
const LOUD = [LIGHT, DARK].flatMap(({ series, bad, text }) => [...series, bad, text]);

/**
 * @param pictures the SVG elements of charts that are drawn already
 * @returns "chart: text / what it meets"
 */
export function findCollisions(page: Page, pictures = ".chart svg"): Promise<string[]> {
  return askPage(page, `(${COLLISIONS})(${JSON.stringify({ pictures, quiet: QUIET, loud: LOUD })})`);
}

/** Runs within the page, which this project is checked without the types of. */
const COLLISIONS = String.raw`({ pictures, quiet, loud }) => {
  const toRgb = (colour) => {
    const probe = document.createElement("i");
    probe.style.color = colour;
    document.body.append(probe);
    const rgb = getComputedStyle(probe).color;
    probe.remove();
    return rgb;
  };
  const [quietColours, loudColours] = [quiet.map(toRgb), loud.map(toRgb)];
  const found = [];
  for (const svg of document.querySelectorAll(pictures)) {
    const name = svg.closest("[id]")?.id ?? "?";
    const frame = svg.getBoundingClientRect();
    // A line of text is lower than its font's box.
    const texts = [...svg.querySelectorAll("text")].flatMap((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const text = element.textContent.trim();
      return text === "" || right - left < 1 ? [] : [{ text, left: left + 1, right: right - 1, top: top + 3, bottom: bottom - 3 }];
    });
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const isCrossed = ({ left, right, top, bottom }, [x1, y1], [x2, y2]) => {
      let [from, to] = [0, 1];
      for (const [step, room] of [[x1 - x2, x1 - left], [x2 - x1, right - x1], [y1 - y2, y1 - top], [y2 - y1, bottom - y1]]) {
        if (step === 0 && room < 0) return false;
        if (step < 0) from = Math.max(from, room / step);
        if (step > 0) to = Math.min(to, room / step);
      }
      return from <= to;
    };
    for (const [at, one] of texts.entries()) {
      if (one.left < frame.left - 1 || one.right > frame.right + 1 || one.top < frame.top - 1 || one.bottom > frame.bottom + 1)
        found.push(name + ": " + one.text + " / the edge");
      for (const other of texts.slice(at + 1)) if (meet(one, other)) found.push(name + ": " + one.text + " / " + other.text);
    }
    for (const path of svg.querySelectorAll("path, line")) {
      const { stroke, fill, fillOpacity } = getComputedStyle(path);
      const isFilled = loudColours.includes(fill) && Number(fillOpacity) > 0.5;
      const isLine = !isFilled && stroke !== "none" && !quietColours.includes(stroke);
      if (!isFilled && !isLine) continue;
      const box = path.getBoundingClientRect();
      const near = texts.filter((one) => one.left <= box.right && one.right >= box.left && one.top <= box.bottom && one.bottom >= box.top);
      if (near.length === 0) continue;
      if (isFilled) {
        for (const one of near) found.push(name + ": " + one.text + " / a filled shape");
        continue;
      }
      const d = path.getAttribute("d") ?? "M" + ["x1", "y1"].map((key) => path.getAttribute(key)) + "L" + ["x2", "y2"].map((key) => path.getAttribute(key));
      // Straight lines alone: curves are symbols.
      if (/[^MLZ\d\s,.e-]/.test(d)) continue;
      const matrix = path.getScreenCTM();
      const corners = [...d.matchAll(/([ML])\s*(-?[\d.e-]+)[\s,]+(-?[\d.e-]+)|(?<=[\d\s])()\s(-?[\d.e-]+)[\s,]+(-?[\d.e-]+)/g)].map(([, kind, x, y]) => {
        const point = new DOMPoint(Number(x), Number(y)).matrixTransform(matrix);
        return { kind, at: [point.x, point.y] };
      });
      for (const one of near)
        if (corners.some(({ kind, at }, index) => kind === "L" && isCrossed(one, corners[index - 1].at, at)))
          found.push(name + ": " + one.text + " / a line");
    }
  }
  return [...new Set(found)];
}`;
