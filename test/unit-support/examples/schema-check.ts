// Checks a value against one of the published schemas, for tests.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

/** @returns a function that lists the schema violations of a value, "" for none */
export function createSchemaCheck(name: "summary" | "record" | "sweep"): (value: unknown) => string {
  const schema = JSON.parse(
    readFileSync(new URL(`../../../docs/schemas/${name}.schema.json`, import.meta.url), "utf8"),
  );
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  return (value) =>
    validate(JSON.parse(JSON.stringify(value))) ? "" : JSON.stringify(validate.errors, null, 1);
}
