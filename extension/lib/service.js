import { patternOf } from "./address.js";
import { Fault } from "./fault.js";
import { read } from "./settings.js";

/**
 * One request to a service.
 * @param {string} origin
 * @param {string} path from the root
 * @param {{method?: string, body?: BodyInit, headers?: Record<string, string>, token?: string, timeout?: number}} [options]
 *   timeout in milliseconds
 * @returns {Promise<Response>} whatever it answered
 * @throws {Fault} `permission_missing`, `unreachable`
 */
export async function call(origin, path, options = {}) {
  if (!(await chrome.permissions.contains({ origins: [patternOf(origin)] }))) {
    throw new Fault("permission_missing", origin);
  }
  const headers = { accept: "application/json", ...options.headers };
  if (options.token) Object.assign(headers, { authorization: `Bearer ${options.token}` });
  try {
    return await fetch(new URL(path, origin), {
      method: options.method ?? "GET",
      body: options.body ?? null,
      headers,
      credentials: "omit",
      cache: "no-store",
      // A redirect could carry the token to somebody else.
      redirect: "error",
      signal: AbortSignal.timeout(options.timeout ?? 15_000),
    });
  } catch (error) {
    throw new Fault("unreachable", error instanceof Error ? error.message : String(error));
  }
}

/**
 * A request to the service that this browser is paired with.
 * @param {string} path
 * @param {Parameters<typeof call>[2]} [options]
 * @throws {Fault} `unpaired` and those of `call`
 */
export async function callPaired(path, options = {}) {
  /** @type {import("./settings.js").Service | null} */
  const service = await read("service");
  if (!service) throw new Fault("unpaired");
  return call(service.origin, path, { ...options, token: service.token });
}

/** @param {Response} response @returns {Promise<any>} its JSON, or null when it is something else */
export async function json(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
