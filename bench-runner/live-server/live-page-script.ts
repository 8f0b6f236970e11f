// The script of the live page, as the text that a browser runs: draws the charts as SVG from the events of /events.
//
// Everything that comes from the run is put in as text or as numbers, never as HTML.

export const LIVE_PAGE_SCRIPT = `"use strict";
(() => {
  const HISTORY_MS = 600000, GAP_MS = 3000, SHORT_MS = 500, LEFT = 44, RIGHT = 8, TOP = 8, BOTTOM = 20, HEIGHT = 150;
  const SVG = "http://www.w3.org/2000/svg";
  const charts = [
    { id: "requests", unit: "/s", series: [["completed", "requestsPerSecond", "s0"]] },
    { id: "tokens", unit: "/s", series: [["output tokens", "outputTokensPerSecond", "s0"]] },
    { id: "ttft", unit: " ms", series: [["p50", "ttftP50Ms", "s0"], ["p95", "ttftP95Ms", "s1"]] },
    { id: "inflight", unit: "", series: [["in flight", "inFlight", "s0"]] },
    { id: "failures", unit: "/s", series: [["failed", "failuresPerSecond", "bad"]] },
  ];
  let points = [];
  let hoverMs;
  const byId = (id) => document.getElementById(id);
  const clock = (ms) => new Date(ms).toLocaleTimeString();

  function format(value) {
    if (value === undefined) return "–";
    const size = Math.abs(value);
    const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
    return value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below the value. */
  function roundUp(value) {
    if (!(value > 0)) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value);
  }

  function add(parent, name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
  }

  function toPath(key, x, y) {
    let path = "", before;
    for (const point of points) {
      const value = point[key];
      if (value === undefined) { before = undefined; continue; }
      const isNew = before === undefined || point.atUnixMs - before > GAP_MS;
      path += (isNew ? "M" : "L") + x(point.atUnixMs).toFixed(1) + " " + y(value).toFixed(1);
      // A single point would be a line of no length.
      if (isNew) path += "h0.1";
      before = point.atUnixMs;
    }
    return path;
  }

  function draw(chart) {
    const svg = byId(chart.id).querySelector("svg");
    const width = Math.max(160, svg.clientWidth);
    const last = points[points.length - 1];
    const toMs = last ? last.atUnixMs : Date.now();
    const fromMs = Math.max(toMs - HISTORY_MS, Math.min(points.length ? points[0].atUnixMs : toMs, toMs - 60000));
    const values = points.flatMap((point) => chart.series.map(([, key]) => point[key] ?? 0));
    const top = roundUp(values.reduce((most, value) => Math.max(most, value), 0));
    const x = (ms) => LEFT + ((ms - fromMs) / (toMs - fromMs)) * (width - LEFT - RIGHT);
    const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
    svg.replaceChildren();
    svg.setAttribute("viewBox", "0 0 " + width + " " + HEIGHT);
    for (const share of [0, 0.5, 1]) {
      const level = y(top * share);
      add(svg, "line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: level, y2: level });
      add(svg, "text", { x: LEFT - 6, y: level + 4, "text-anchor": "end" }, format(top * share));
    }
    add(svg, "text", { x: LEFT, y: HEIGHT - 4 }, clock(fromMs));
    add(svg, "text", { x: width - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, clock(toMs));
    for (const [, key, style] of chart.series) add(svg, "path", { class: "line " + style, d: toPath(key, x, y) });

    const shown = hoverMs === undefined ? last : nearest(hoverMs);
    if (hoverMs !== undefined && shown) {
      const at = x(shown.atUnixMs);
      add(svg, "line", { class: "cursor", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM });
    }
    const texts = chart.series.map(([label, key]) => {
      const text = format(shown && shown[key]) + chart.unit;
      return chart.series.length > 1 ? label + " " + text : text;
    });
    const now = byId(chart.id).querySelector(".now");
    now.replaceChildren(...texts.map((text, index) => {
      const part = document.createElement("span");
      part.className = "key " + chart.series[index][2];
      part.textContent = text;
      return part;
    }));
    now.title = shown ? clock(shown.atUnixMs) : "";
    svg.setAttribute("aria-label", byId(chart.id).querySelector("h2").textContent + ": " + texts.join(", "));
    svg.onpointermove = (event) => {
      const share = (event.clientX - svg.getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT);
      hoverMs = fromMs + Math.min(1, Math.max(0, share)) * (toMs - fromMs);
      drawAll();
    };
    svg.onpointerleave = () => { hoverMs = undefined; drawAll(); };
  }

  function nearest(ms) {
    return points.reduce((best, point) =>
      best === undefined || Math.abs(point.atUnixMs - ms) < Math.abs(best.atUnixMs - ms) ? point : best, undefined);
  }

  function drawAll() {
    for (const chart of charts) draw(chart);
    const last = points[points.length - 1];
    byId("sums").textContent = last ? format(last.completed) + " completed, " + format(last.failed) + " failed" : "";
  }

  function setState(state, text) {
    byId("state").dataset.state = state;
    byId("state").textContent = text;
  }

  const running = ({ repeat, repeats }) =>
    repeat === undefined ? ["waiting", "The load has not begun"]
      : ["running", repeats > 1 ? "Running, repeat " + repeat + " of " + repeats : "Running"];

  const events = new EventSource("events");
  const listen = (name, take) => events.addEventListener(name, (event) => take(JSON.parse(event.data)));
  listen("history", (history) => { points = history.points; setState(...running(history.state)); drawAll(); });
  listen("state", (state) => setState(...running(state)));
  listen("point", (point) => {
    const last = points[points.length - 1];
    if (last && point.atUnixMs - last.atUnixMs < SHORT_MS) points.pop();
    points.push(point);
    while (points[0].atUnixMs <= point.atUnixMs - HISTORY_MS) points.shift();
    drawAll();
  });
  listen("end", () => { events.close(); setState("ended", "The run is over"); });
  events.onerror = () => { if (events.readyState !== EventSource.CLOSED) setState("lost", "No connection to the runner"); };
  addEventListener("resize", drawAll);
  drawAll();
})();
`;
