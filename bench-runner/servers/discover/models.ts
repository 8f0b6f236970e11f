// The names of the models that a server serves, and where it lists them. Pure.
import { type Answers, objectOf, objectsIn, textOf } from "./answers.ts";

export interface ListedModels {
  /** In the server's order, each once; empty where it lists none. */
  names: string[];
  /** Where they stand, such as "`/v1/models`". */
  source: string;
}

function namesIn(list: unknown, key: string): string[] {
  return [...new Set(objectsIn(list).flatMap((model) => textOf(model[key]) ?? []))];
}

/** Models that make no text, where a server tells: LM Studio lists those for embeddings as well. */
function notForText(answers: Answers): string[] {
  const models = objectsIn(objectOf(answers["/api/v0/models"]).data);
  return models.filter(({ type }) => type === "embeddings").flatMap(({ id }) => textOf(id) ?? []);
}

export function listModels(answers: Answers): ListedModels {
  const skipped = notForText(answers);
  const sources: [string, string[]][] = [
    ["`/v1/models`", namesIn(objectOf(answers["/v1/models"]).data, "id")],
    ["`/api/tags`", namesIn(objectOf(answers["/api/tags"]).models, "name")],
    ["`/info`", [textOf(objectOf(answers["/info"]).model_id) ?? []].flat()],
    ["`/get_model_info`", [textOf(objectOf(answers["/get_model_info"]).model_path) ?? []].flat()],
  ];
  for (const [source, listed] of sources) {
    const names = listed.filter((name) => !skipped.includes(name));
    if (names.length > 0) return { names, source };
  }
  return { names: [], source: "`/v1/models`" };
}
