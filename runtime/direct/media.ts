// What media types mean to a client.

interface Meaning {
  /** JSON, also under the other names that APIs use for it. */
  readonly json: boolean;
  /** One JSON value a line. */
  readonly lines: boolean;
  /** Streams of values. */
  readonly stream: boolean;
  /** Other text. */
  readonly text: boolean;
}

const JSONS = /[/+](x-)?(json5?|json-?rpc|amz-json-1\.\d)$/;
const LINES = /^application\/((x-|.*\+)?(ndjson|jsonl|json-?lines)|stream\+json|x-json-stream)$/;
const STREAMS = /^(text\/event-stream|multipart\/x-mixed-replace|application\/(.*\+)?json-seq)$/;
/** What Kubernetes calls its streams. */
const STREAMED = /; *stream=/i;
const TEXTS =
  /^(text\/.*|application\/(.*\+)?(x-)?(xml|yaml|toml|csv|javascript|graphql|sql|sh|sdp|jwt|jose|pem-file|pem-certificate-chain))$/;

const MOST_KNOWN = 100;
/** Cached by type as it was given, since an API answers with the same few. */
const known = new Map<string, Meaning>();

/** Its name, without parameters. */
export function bare(type: string): string {
  return type.split(";")[0]!.trim().toLowerCase();
}

export function isJsonType(type: string): boolean {
  return meaningOf(type).json;
}

export function isLinesType(type: string): boolean {
  return meaningOf(type).lines;
}

export function isStreamType(type: string): boolean {
  return meaningOf(type).stream;
}

export function isTextType(type: string): boolean {
  return meaningOf(type).text;
}

function meaningOf(type: string): Meaning {
  let meaning = known.get(type);
  if (meaning === undefined) {
    const name = bare(type);
    const lines = LINES.test(name);
    const stream = lines || STREAMS.test(name) || STREAMED.test(type);
    meaning = { json: !stream && JSONS.test(name), lines, stream, text: TEXTS.test(name) };
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(type, meaning);
  }
  return meaning;
}
