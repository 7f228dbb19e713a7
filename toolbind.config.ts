import { defineConfig } from "./generator/config/types.js";

export default defineConfig({
  output: "generated",
  snapshot: "specs/composio",
});
