// What media types mean to a client.

/** Its name, without parameters. */
export function bare(type: string): string {
  return type.split(";")[0]!.trim().toLowerCase();
}

/** JSON, also by the other names that APIs have for it. */
export function isJsonType(type: string): boolean {
  return /[/+](x-)?(json5?|json-?rpc|amz-json-1\.\d)$/.test(bare(type)) && !isStreamType(type);
}

/** One JSON value a line. */
export function isLinesType(type: string): boolean {
  return /^application\/((x-|.*\+)?(ndjson|jsonl|json-?lines)|stream\+json|x-json-stream)$/.test(bare(type));
}

/** Values that come one by one. */
export function isStreamType(type: string): boolean {
  const streams = /^(text\/event-stream|multipart\/x-mixed-replace|application\/(.*\+)?json-seq)$/;
  return streams.test(bare(type)) || isLinesType(type);
}

/** Other text for people or programs. */
export function isTextType(type: string): boolean {
  const texts =
    /^(text\/.*|application\/(.*\+)?(x-)?(xml|yaml|toml|csv|javascript|graphql|sql|sh|sdp|jwt|jose|pem-file|pem-certificate-chain))$/;
  return texts.test(bare(type));
}
