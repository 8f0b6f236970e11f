// A page of one file, opened in the system's Chromium: its faults, its charts, its barriers, its picture.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { TestContext } from "vitest";
import { needTool } from "./tool.ts";

const axeScript = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** One context for all pages, so that they share a process: a new one costs a second of CPU. */
let opened: { browser: Browser; context: BrowserContext } | undefined;

/** After the last page. */
export async function closeBrowser(): Promise<void> {
  await opened?.browser.close();
  opened = undefined;
}

async function launch(executablePath: string): Promise<NonNullable<typeof opened>> {
  // Without its sandbox: CI runs as root, and the page is our own. Without a GPU that only software would stand in for.
  const args = ["--no-sandbox", "--process-per-site", "--disable-gpu"];
  const browser = await chromium.launch({ executablePath, args });
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  return { browser, context };
}

export interface PageOptions {
  /** Default: light. */
  colorScheme?: "light" | "dark";
  /** CSS pixels; default: 1200 × 850. */
  viewport?: { width: number; height: number };
}

export interface OpenedPage {
  page: Page;
  /** What must stay empty: errors, warnings of the console, requests but that of the file itself. */
  faults: string[];
}

/** Ready, not scrolled. @param path of the file */
export async function openPage(
  context: TestContext,
  path: string,
  { colorScheme = "light", viewport = { width: 1200, height: 850 } }: PageOptions = {},
): Promise<OpenedPage> {
  opened ??= await launch(needTool(context, "chromium"));
  const page = await opened.context.newPage();
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  const faults: string[] = [];
  page.on("console", (message) => void (message.type() !== "log" && faults.push(message.text())));
  page.on("pageerror", (error) => void faults.push(String(error)));
  page.on("request", (request) => void (request.url() !== `file://${path}` && faults.push(request.url())));
  await page.goto(`file://${path}`);
  await page.waitForSelector("html[data-ready]");
  return { page, faults };
}

/** Until what is drawn is drawn in these colours. */
export async function changeColours(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // A page learns of it with its next frame, which an idle one may never need.
  await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
  const other = `.chart[data-drawn]:not([data-drawn=${colorScheme}])`;
  await page.waitForFunction(`document.querySelector("${other}") === null`, undefined, { polling: 50 });
}

/** Until what is drawn is drawn as wide as its place. */
export async function changeWidth(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 850 });
  await askPage(
    page,
    `(async () => {
      for (const chart of document.querySelectorAll(".chart:has(svg)"))
        while (Number(chart.querySelector("svg").getAttribute("width")) !== chart.clientWidth)
          await new Promise((next) => setTimeout(next, 20));
    })()`,
  );
}

/** Tables that are wider than their place: they scroll. */
export function findScrolling(page: Page): Promise<string[]> {
  return askPage(
    page,
    `[...document.querySelectorAll(".scroll")]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map((element) => element.getAttribute("aria-label"))`,
  );
}

/** Opens the tables under the charts, or closes them. */
export async function toggleTables(page: Page): Promise<void> {
  await askPage(
    page,
    `document.querySelectorAll("figure details").forEach((one) => { one.open = !one.open; })`,
  );
}

/** Until every chart is drawn. */
export async function scrollThrough(page: Page): Promise<void> {
  // Within the page: a step of the browser's tool for each chart takes half a second of CPU.
  await askPage(
    page,
    `(async () => {
      for (const chart of document.querySelectorAll(".chart")) {
        chart.scrollIntoView({ block: "nearest" });
        while (!chart.querySelector("svg")) await new Promise((next) => setTimeout(next, 20));
      }
    })()`,
  );
}

/** Asks the page itself: as text, since this project is checked without the types of a browser. */
export function askPage<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate<T>(expression);
}

/** Ids of charts whose picture has nothing in it. */
export function findEmpty(page: Page): Promise<string[]> {
  return askPage(
    page,
    `[...document.querySelectorAll(".chart")]
      .filter((chart) => chart.querySelectorAll("svg path").length < 5 || chart.querySelector("svg text") === null)
      .map(({ id }) => id)`,
  );
}

/** Presses of the Tab key between two questions: after the last element come the first ones again, or none. */
const PRESSES = 20;

/** What the Tab key reaches, from the beginning to the end: "BUTTON theme-toggle". */
export async function listReached(page: Page): Promise<string[]> {
  // Within the page: a question after each press takes more of the browser's time than the press.
  await askPage(
    page,
    `window.reached = new Set(), addEventListener("focusin", ({ target: at }) => {
      reached.add([at.tagName, at.id || at.dataset.copy || at.className].join(" "));
    }), undefined`,
  );
  let known = -1;
  for (let count = 0; count > known; count = await askPage<number>(page, "reached.size")) {
    known = count;
    for (let presses = 0; presses < PRESSES; presses += 1) await page.keyboard.press("Tab");
  }
  return askPage(page, "[...reached]");
}

/** Into the folder of SERVER_BENCH_SCREENSHOTS, for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SERVER_BENCH_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await askPage(page, "scrollTo(0, 0)");
  await page.screenshot({ path: join(folder, `${name}-first.png`) });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { target: string[] }[];
}

/**
 * What axe-core calls serious or critical, with the elements. The cells of a chart's table are alike: it has three of its rows
 * meanwhile, as hundreds take axe ten seconds of CPU.
 * @param rules of axe; default: all
 */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  // As the browser's own tool would: the page's policy lets no further script in by itself.
  await page.evaluate(readFileSync(axeScript, "utf8"));
  const violations = (await page.evaluate(
    `(async () => {
      const rows = [...document.querySelectorAll("figure tbody tr:nth-child(n+4)")].map((row) => [row, row.parentNode]);
      for (const [row] of rows) row.remove();
      const { violations } = await axe.run(${JSON.stringify({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) })});
      for (const [row, body] of rows) body.append(row);
      return violations;
    })()`,
  )) as AxeViolation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}
