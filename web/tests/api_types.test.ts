/** The types of the lab's JSON follow from its schema; `npm run generate` writes them. */

import { compile } from "json-schema-to-typescript";
import { expect, test } from "vitest";
import schema from "../api.schema.json";

test("the types are those of the schema", async () => {
  const types = await compile(schema as Parameters<typeof compile>[0], "Api", {
    additionalProperties: false,
    bannerComment: "/* Generated from api.schema.json by `npm run generate`: do not edit. */",
    unreachableDefinitions: true,
  });
  await expect(types).toMatchFileSnapshot("../src/generated/api.ts");
});
