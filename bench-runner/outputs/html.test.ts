import { expect, it } from "vitest";
import { escapeHtml } from "./html.ts";

it("every character with a meaning in HTML is escaped", () => {
  expect(escapeHtml(`<b a="1">'&`)).toBe("&#60;b a=&#34;1&#34;&#62;&#39;&#38;");
});
