// The part that one client loads for all if k6 reads the prompts itself, without the runner.
import * as dataset from "../prepare/dataset.ts";
import { throwingTexts } from "../prepare/throwing-texts.ts";

export const loadRows = throwingTexts(dataset.loadRows);
