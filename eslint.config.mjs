import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "generated", "bench/node_modules", "test/**/fixtures"] },
  { files: ["**/*.ts"], extends: [tseslint.configs.recommended] },
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/no-non-null-assertion": "off",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    // The interfaces name fields that the base class fills in; in the classes they would need a `declare`.
    files: ["runtime/errors.ts", "runtime/error-classes.ts"],
    rules: { "@typescript-eslint/no-unsafe-declaration-merging": "off" },
  },
);
