import { actions, isTold } from "../lib/actions.js";
import { looks } from "../lib/looked.js";
import { captures } from "../lib/outbox.js";
import { ownSites } from "../lib/own_sites.js";
import { services } from "../lib/services.js";
import { read } from "../lib/settings.js";
import { watchList } from "../lib/watch_list.js";

/** Everything that the pages show; never the token. */
export async function statusRead() {
  const [paired, grant, trouble, watches, sites, told, looked, review] = await Promise.all([
    services(),
    read("grant"),
    read("trouble"),
    watchList(),
    ownSites(),
    actions(),
    looks(),
    read("review"),
  ]);
  const shown = paired.map(({ origin, paired_at }) => ({ origin, paired_at }));
  return {
    service: shown[0] ?? null,
    services: shown,
    grant: grant && { ...grant, device_code: undefined },
    trouble,
    isReviewed: review?.isOn === true,
    watches: watches.items,
    captures: (await captures()).reverse(),
    actions: told.filter((row) => isTold(row) || row.state === "failed" || row.kind === "look_now").map(({ body: _sent, ...row }) => row).reverse(),
    sites,
    looked: looked.map(({ watch, at, outcome }) => ({ watch, at, outcome })),
  };
}
