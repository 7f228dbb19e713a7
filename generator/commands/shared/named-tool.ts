import type { CatalogueTool, CatalogueToolkit } from "../../catalogue/types.js";

/** A tool with the names it is generated under. */
export interface NamedTool {
  readonly tool: CatalogueTool;
  readonly toolkit: CatalogueToolkit;
  /** `github`, as it is imported from the index. */
  readonly namespace: string;
  /** The toolkit's folder in the output. */
  readonly folder: string;
  /** `createIssue`. */
  readonly name: string;
}
