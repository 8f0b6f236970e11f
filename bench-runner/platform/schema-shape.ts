// The shape that a JSON Schema of docs/schemas describes, as far as the code counts on it: types, not values.
import { readFileSync } from "node:fs";
import type { Shape } from "./json-shape.ts";
import { inProject } from "./project-root.ts";

/** The part of JSON Schema that the project's own schemas use. */
interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  const?: unknown;
  enum?: unknown[];
  type?: string | string[];
  items?: Schema | false;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
}

const TYPES: Readonly<Record<string, Shape>> = {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "flag",
};

type SchemaName = "summary" | "baseline" | "sweep";

const shapes = new Map<SchemaName, Shape>();

/** The shape of docs/schemas/NAME.schema.json, which is read once. */
export function readShape(name: SchemaName): Shape {
  const shape = shapes.get(name) ?? readSchema(name);
  shapes.set(name, shape);
  return shape;
}

function readSchema(name: SchemaName): Shape {
  const schema = JSON.parse(
    readFileSync(inProject("docs", "schemas", `${name}.schema.json`), "utf8"),
  ) as Schema;
  return toShape(schema, schema.$defs ?? {});
}

function toShape(schema: Schema, definitions: Readonly<Record<string, Schema>>): Shape {
  if (schema.$ref !== undefined) {
    const definition = definitions[schema.$ref.replace("#/$defs/", "")];
    return definition === undefined ? "any" : toShape(definition, definitions);
  }
  const [example] = schema.enum ?? [schema.const];
  if (example !== undefined) return TYPES[typeof example] ?? "any";
  if (schema.type === "array") return [schema.items ? toShape(schema.items, definitions) : "any"];
  if (schema.type !== "object") return TYPES[String(schema.type)] ?? "any";
  const { properties = {}, required = [], additionalProperties: others } = schema;
  const shapes = Object.entries(properties).map(([key, inner]): [string, Shape] => [
    required.includes(key) ? key : `${key}?`,
    toShape(inner, definitions),
  ]);
  if (typeof others === "object") shapes.push(["*", toShape(others, definitions)]);
  return Object.fromEntries(shapes);
}
