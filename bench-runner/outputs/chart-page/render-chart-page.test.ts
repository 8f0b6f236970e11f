import { describe, expect, it } from "vitest";
import { exampleChartPage } from "../../../test/unit-support/examples/example-chart-page.ts";
import type { ChartPage } from "./chart-page.ts";
import { renderChartPage } from "./render-chart-page.ts";

const EVIL = `</script></style><img src=x onerror="alert(1)">'--><!--`;
const parts = { script: "console.log(1)", style: "a{}" };

describe("a page of charts", () => {
  it("escapes every text that it is given", () => {
    const chart = {
      ...{ kind: "bars", id: "one", title: EVIL, description: EVIL, legend: EVIL },
      ...{ y: { title: EVIL, unit: EVIL }, categories: [EVIL] },
      series: [{ name: EVIL, values: [1], hrefs: [EVIL] }],
    } as const;
    const page: ChartPage = {
      ...{ title: EVIL, subtitle: EVIL, verdict: { ok: true, text: EVIL } },
      sections: [{ id: "a", heading: EVIL, intro: EVIL, charts: [chart as never] }],
    };
    const text = renderChartPage(page, parts);
    expect(text).not.toContain("<img");
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).not.toContain("<!--");
    expect(text).not.toMatch(/\son\w+="/);
  });

  it("allows its own script by hash and nothing else", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(
      renderChartPage(exampleChartPage(), parts),
    )?.[1];
    expect(policy).toContain("default-src &#39;none&#39;; script-src &#39;sha256-");
  });

  it.each([
    [true, "passed", "✓"],
    [false, "failed", "✗"],
    [undefined, "not-judged", "○"],
  ])("gives a verdict of %s", (ok, kind, sign) => {
    const text = renderChartPage({ ...exampleChartPage(), verdict: { ok, text: "as `asked`" } }, parts);
    expect(text).toContain(`<section class="verdict ${kind}"`);
    expect(text).toContain(sign);
    expect(text).toContain("as <code>asked</code>");
  });

  it("says each chart's description, and lists its sections", () => {
    const text = renderChartPage(exampleChartPage(), parts);
    expect(text).toContain(`aria-label="The small model is three times as fast on both servers."`);
    expect(text.match(/<li><a href="#/g)).toHaveLength(3);
    // The title is not said twice.
    expect(text).toContain("<p>It rises from 40 ms to 1.3 s, faster from 8 clients on.</p>");
  });
});
