import { describe, expect, it } from "vitest";
import { replaceMarked } from "./marked-text.ts";

describe("replaceMarked", () => {
  it("replaces what is between the markers and leaves the rest", () => {
    const text = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n";
    expect(replaceMarked(text, "x", "new")).toBe(
      "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n",
    );
  });

  it("says which markers are missing", () => {
    expect(() => replaceMarked("<!-- /x --> <!-- x -->", "x", "new")).toThrow("<!-- /x -->");
  });
});
