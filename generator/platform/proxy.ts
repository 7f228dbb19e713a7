import { EnvHttpProxyAgent, fetch } from "undici";
import type { ProxySettings } from "./settings.js";
import { joined, TimedOut, type Transport } from "./transport.js";

/** Through a proxy, by tunnels for https, except to the hosts of NO_PROXY. Node.js has no way of its own before 22.21. */
export function throughProxy({ url: proxy }: ProxySettings): Transport {
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy, httpsProxy: proxy, proxyTunnel: false });
  return async (url, headers, { signal, timeoutMs }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const ends = AbortSignal.any([signal, timeout]);
      const {
        status,
        headers: answered,
        body,
      } = await fetch(url, { headers, redirect: "manual", signal: ends, dispatcher });
      return { status, headers: answered, text: (await joined(body ?? new Blob([]).stream())).toString("utf8") };
    } catch (error) {
      throw timeout.aborted && !signal.aborted ? new TimedOut() : error;
    }
  };
}

/** The status with which a proxy refused; undefined for any other failure. */
export function refusalIn(error: unknown): number | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(cause.message);
    if (found !== null) return Number(found[1]);
  }
  return undefined;
}
