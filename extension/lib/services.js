import { Fault } from "./fault.js";
import { call } from "./service.js";
import { forget, read, write } from "./settings.js";

/**
 * The services that this browser is paired with. A watch belongs to the one it was sent to, whichever
 * new captures go to.
 * @typedef {import("./settings.js").Service} Service
 */

/** @returns {Promise<Service[]>} the one that new captures go to first */
export async function services() {
  const [current, others] = [await read("service"), (await read("others")) ?? []];
  return current ? [current, ...others] : others;
}

/** @param {string} origin @returns {Promise<Service>} @throws {Fault} `unpaired` */
export async function serviceAt(origin) {
  const found = (await services()).find((service) => service.origin === origin);
  if (!found) throw new Fault("unpaired", origin);
  return found;
}

/**
 * A request to one of the services.
 * @param {string} origin
 * @param {string} path
 * @param {Parameters<typeof call>[2]} [options]
 * @throws {Fault} `unpaired` and those of `call`
 */
export async function callAt(origin, path, options = {}) {
  const { token } = await serviceAt(origin);
  return call(origin, path, { ...options, token });
}

/** Keeps a service; new captures go there from now on. @param {Service} service */
export async function addService(service) {
  await keep([service, ...(await services()).filter(({ origin }) => origin !== service.origin)]);
}

/** New captures go to this one from now on. @param {string} origin @throws {Fault} `unpaired` */
export async function prefer(origin) {
  await addService(await serviceAt(origin));
}

/** @param {string} origin forgotten; the next one takes new captures */
export async function removeService(origin) {
  await keep((await services()).filter((service) => service.origin !== origin));
}

/** @param {Service[]} all */
async function keep([current, ...others]) {
  await (current ? write("service", current) : forget("service"));
  await (others.length > 0 ? write("others", others) : forget("others"));
}
