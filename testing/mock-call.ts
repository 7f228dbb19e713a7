/** A call made with a mock client. */
export interface MockCall {
  readonly slug: string;
  /** Empty when the call came with `text`. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly text: string | undefined;
  readonly userId: string | undefined;
  readonly connectedAccountId: string | undefined;
  readonly version: string | undefined;
}
