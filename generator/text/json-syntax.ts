interface JsonSyntaxError {
  readonly offset: number;
  readonly expected: string;
}

type State = "value" | "first value" | "first key" | "key" | "colon" | "end of element";

const EXPECTED: Record<State, string> = {
  value: "a value",
  "first value": "a value or `]`",
  "first key": "a key in double quotes or `}`",
  key: "a key in double quotes",
  colon: "`:`",
  "end of element": "`,` or the closing bracket",
};

const STRING_PART = /[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const OTHER_SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/y;
const SPACE = /[ \t\r\n]*/y;

/** Where a text stops being JSON, which `JSON.parse` does not always say; undefined for JSON. */
export function jsonSyntaxError(text: string): JsonSyntaxError | undefined {
  const open: ("{" | "[")[] = [];
  let state: State = "value";
  let offset = skip(text, SPACE, 0);
  for (;;) {
    const character = text[offset];
    const scalarEnd = scalarEndOf(text, offset);
    const isString = character === '"' && scalarEnd > offset;
    if (state === "end of element" && open.length === 0) {
      return character === undefined ? undefined : { offset, expected: "nothing more" };
    }
    let next: State;
    let end = offset + 1;
    if ((state === "first key" && character === "}") || (state === "first value" && character === "]")) {
      open.pop();
      next = "end of element";
    } else if (state === "key" || state === "first key") {
      if (!isString) return { offset, expected: EXPECTED[state] };
      next = "colon";
      end = scalarEnd;
    } else if (state === "colon") {
      if (character !== ":") return { offset, expected: EXPECTED[state] };
      next = "value";
    } else if (state === "end of element") {
      const inObject = open.at(-1) === "{";
      if (character === (inObject ? "}" : "]")) {
        open.pop();
        next = "end of element";
      } else if (character === ",") next = inObject ? "key" : "value";
      else return { offset, expected: inObject ? "`,` or `}`" : "`,` or `]`" };
    } else if (character === "{" || character === "[") {
      open.push(character);
      next = character === "{" ? "first key" : "first value";
    } else if (scalarEnd > offset) {
      next = "end of element";
      end = scalarEnd;
    } else return { offset, expected: EXPECTED[state] };
    state = next;
    offset = skip(text, SPACE, end);
  }
}

/** Where the string, number or word at an offset ends; the offset itself where there is none. */
function scalarEndOf(text: string, offset: number): number {
  if (text[offset] !== '"') return skip(text, OTHER_SCALAR, offset);
  let end = offset + 1;
  for (let next = skip(text, STRING_PART, end); next > end; next = skip(text, STRING_PART, end)) end = next;
  return text[end] === '"' ? end + 1 : offset;
}

function skip(text: string, pattern: RegExp, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}
