import { original } from "../lib/originals.js";
import { find, parcel } from "../lib/outbox.js";

/**
 * What the page of masks shows, without any bytes: those it reads from the database itself.
 * @param {{id: string}} payload
 */
export async function masksRead({ id }) {
  const [row, kept, own] = await Promise.all([find(id), parcel(id), original(id)]);
  return {
    state: row?.state ?? null,
    missing: row?.missing ?? [],
    url: row?.preview.url ?? null,
    author: kept?.facts?.reading.author ?? null,
    thread: kept?.facts?.thread.length ?? 0,
    keptAt: own?.kept_at ?? null,
  };
}
