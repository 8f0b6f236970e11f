import fc from "fast-check";
import { expect, test } from "vitest";
import { RowSorter } from "./row-sorter.ts";
import { ValueColumn } from "./value-column.ts";

const ROWS = 200;
const numbers = fc.array(
  fc.option(fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(0, -0, 1, 1.5)), {
    nil: undefined,
  }),
  { maxLength: ROWS },
);

function toColumn(values: readonly (number | undefined)[]): ValueColumn {
  const column = new ValueColumn();
  for (const [row, value] of values.entries()) if (value !== undefined) column.put(row, value);
  return column;
}

const known = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);
const ascending = (values: readonly (number | undefined)[]) => [...Float64Array.from(known(values)).sort()];

test("values of any kind are in the order of a sorted typed array, each with its row", () => {
  const sorter = new RowSorter(ROWS, ROWS);
  fc.assert(
    fc.property(numbers, fc.option(numbers, { nil: undefined }), (first, second) => {
      const { values, rows } = sorter.sort(toColumn(first), second && toColumn(second));
      expect([...values]).toEqual(ascending([...first, ...(second ?? [])]));
      expect(new Set(rows).size).toBe(values.length);
      for (const [at, row] of rows.entries()) {
        expect(values[at]).toBe(row < ROWS ? first[row] : second?.[row - ROWS]);
      }
      const kept = sorter.keepFirst({ values, rows });
      expect([...kept.values]).toEqual(ascending(first));
      for (const [at, row] of kept.rows.entries()) expect(kept.values[at]).toBe(first[row]);
    }),
  );
});

test("the values of kept rows, and of each group, are in order", () => {
  const sorter = new RowSorter(ROWS);
  fc.assert(
    fc.property(numbers, fc.uint8Array({ minLength: ROWS, maxLength: ROWS, max: 3 }), (list, groupOf) => {
      const sorted = sorter.sort(toColumn(list));
      const ofGroup = (group: number) => ascending(list.filter((_, row) => groupOf[row] === group));
      expect([...sorter.pick(sorted, groupOf)]).toEqual(ofGroup(1));
      const parts = sorter.split(sorted, groupOf, 4).map((values) => [...values]);
      expect(parts).toEqual([0, 1, 2, 3].map(ofGroup));
    }),
  );
});
