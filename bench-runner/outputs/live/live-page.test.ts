import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { toLivePage } from "./live-page.ts";

const page = toLivePage(
  {
    name: `<img src=x onerror="a()">&'`,
    scenario: "</p><script>b()</script>",
    version: "1",
  },
  { script: "draw('</p>')", style: "a{}" },
);

it("shows the names of a run as text", () => {
  expect(page.html).toContain("<h1>&#60;img src=x onerror=&#34;a()&#34;&#62;&#38;&#39;</h1>");
  expect(page.html).toContain("scenario &#60;/p&#62;&#60;script&#62;b()&#60;/script&#62;");
  expect(page.html).not.toContain("<img");
  expect(page.html.match(/<script/g)).toHaveLength(1);
});

it("lets only its own script and style run", () => {
  for (const [element, directive] of [
    ["script", "script-src"],
    ["style", "style-src"],
  ] as const) {
    const [, text] = new RegExp(`<${element}>([\\s\\S]*)</${element}>`).exec(page.html) ?? [];
    const hash = createHash("sha256")
      .update(text as string)
      .digest("base64");
    expect(page.policy).toContain(`${directive} 'sha256-${hash}';`);
  }
  expect(page.policy).toMatch(/^default-src 'none';/);
  expect(page.policy).not.toContain("unsafe");
});

it("loads nothing from elsewhere", () => {
  expect(page.html).not.toMatch(/[a-z]+:\/\//);
});
