import { EnvHttpProxyAgent, fetch as fetchBy, type RequestInit as ProxiedInit } from "undici";
import type { ProxySettings } from "./settings.js";

/** `fetch` through a proxy, by tunnels for https, except to the hosts of NO_PROXY. Node.js has no way of its own before 22.21. */
export function fetchThrough({ url }: ProxySettings): typeof fetch {
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: url, httpsProxy: url, proxyTunnel: false });
  const send = (address: string, init: ProxiedInit): unknown => fetchBy(address, { ...init, dispatcher });
  // The declarations of Node.js and of the package differ in what no answer of the platform has.
  return send as unknown as typeof fetch;
}

/** The status with which a proxy refused; undefined for any other failure. */
export function refusalIn(error: unknown): number | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(cause.message);
    if (found !== null) return Number(found[1]);
  }
  return undefined;
}
