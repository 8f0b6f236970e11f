import { expect, it } from "vitest";
import { type RouteOverrides, startFakeServer } from "../../../test/fake/fake-server.ts";
import { OPEN_ACCESS } from "../../platform/access.ts";
import { countSlots } from "./count-slots.ts";

const missing = { status: 404 };
const rows: [string, RouteOverrides, number | undefined][] = [
  ["its /props", {}, 3],
  ["its /slots", { "/props": missing, "/slots": { body: '[{"id":0},{"id":1}]' } }, 2],
  ["neither", { "/props": { body: '{"total_slots":"many"}' }, "/slots": missing }, undefined],
  ["an answer that is no JSON", { "/props": { body: "<html>" }, "/slots": { body: "null" } }, undefined],
];

it.each(rows)("the slots of a server are known by %s", async (_, routes, slots) => {
  const server = await startFakeServer({ slots: 3, routes });
  expect(await countSlots(`${server.url}/v1`, OPEN_ACCESS)).toBe(slots);
  await server.close();
});
