const DATED_VERSION = /^\d{8}_\d{2}$/;
/** The version that the platform uses for calls without one: today's schemas, whatever they are. */
const BASE_VERSION = "00000000_00";

/** Whether it names a release that stays as it is, and so can be a pin. */
export function isDatedVersion(version: unknown): version is string {
  return typeof version === "string" && DATED_VERSION.test(version) && version !== BASE_VERSION;
}
