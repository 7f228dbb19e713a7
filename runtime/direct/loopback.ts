const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether the hostname of a `URL` is this machine's own, to which requests may go without https. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
