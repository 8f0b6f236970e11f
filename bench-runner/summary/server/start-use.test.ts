import { expect, it } from "vitest";
import { toStartUse } from "./start-use.ts";

it("an unknown figure is absent from a summary", () => {
  expect(toStartUse(undefined)).toEqual({});
  expect(toStartUse({ readySeconds: 2 })).toEqual({ readySeconds: 2 });
  expect(toStartUse({ readySeconds: 2, memoryBytes: 5, gpuMemoryBytes: 6 })).toEqual({
    ...{ readySeconds: 2, memoryAfterLoadBytes: 5, gpuMemoryAfterLoadBytes: 6 },
  });
});
