import { diagnostic, type Diagnostic, type ErrorCode, type ErrorDetails, type Place } from "../errors.js";
import { positionOf } from "../text/position.js";
import type { IntegrationFile } from "./types.js";

/** A place in a text. */
export interface Spot {
  readonly file: IntegrationFile;
  readonly offset: number;
}

type Details = Omit<ErrorDetails, "at">;

interface Problem {
  /** In the order of finding. */
  readonly number: number;
  readonly code: ErrorCode;
  readonly severity: Diagnostic["severity"];
  readonly spot: Spot;
  readonly details: Details;
}

const MOST = 100;

/** What is wrong with a file and those it extends, collected on the way. */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #files: IntegrationFile[] = [];
  hasErrors: boolean = false;

  error(code: ErrorCode, spot: Spot, details: Details): void {
    this.hasErrors = true;
    this.#add({ code, severity: "error", spot, details });
  }

  warning(code: ErrorCode, spot: Spot, details: Details): void {
    this.#add({ code, severity: "warning", spot, details });
  }

  /** In the order of the files' texts; a hundred at most. */
  list(): Diagnostic[] {
    const order = ({ spot }: Problem): number => this.#files.indexOf(spot.file);
    const found = [...this.#found];
    const inOrder = (a: Problem, b: Problem): number =>
      order(a) - order(b) || a.spot.offset - b.spot.offset || a.number - b.number;
    found.sort(inOrder);
    const errors = found.filter(({ severity }) => severity === "error");
    const others = found.filter(({ severity }) => severity === "warning");
    const shown = [...errors, ...others].slice(0, MOST);
    const left = found.length - shown.length;
    const list = shown.sort(inOrder).map(({ code, severity, spot, details }) => {
      return diagnostic(code, severity, { ...details, at: placeOf(spot) });
    });
    const last = shown.at(-1);
    if (left === 0 || last === undefined) return list;
    const more = { what: `${left} more like these`, at: placeOf(last.spot), fix: "correct the others first" };
    return [...list, diagnostic(last.code, "warning", more)];
  }

  #add(problem: Omit<Problem, "number">): void {
    if (!this.#files.includes(problem.spot.file)) this.#files.push(problem.spot.file);
    this.#found.push({ ...problem, number: this.#found.length });
  }
}

/** Line and column of a place. */
export function placeOf({ file: { name, text }, offset }: Spot): Place {
  return { source: name, ...positionOf(text, offset) };
}
