import { expect, test } from "vitest";
import { renderResults } from "./results.ts";

test("renderResults lists what was proven, what was found, and what could not be had", () => {
  const text = renderResults([
    {
      name: "vLLM",
      version: "0.32.0",
      testedAt: "2026-11-30T18:00:00.000Z",
      proofs: [
        { name: "sync", detail: "6 requests", problems: [] },
        {
          name: "aborts",
          problems: ["requests: 6 in the journal, 5 at the proxy", "a | b\nc"],
          explained: "its own",
        },
      ],
    },
    { name: "TGI", testedAt: "2026-11-30T18:00:00.000Z", leftOut: "no package has it", proofs: [] },
  ]);
  expect(text).toContain(
    "| vLLM | 0.32.0 | sync | aborts: requests: 6 in the journal, 5 at the proxy; a \\| b c (its own) | 2026-11-30 |",
  );
  expect(text).toContain("- TGI (2026-11-30): no package has it");
});
