import { captures } from "../lib/outbox.js";
import { read } from "../lib/settings.js";

/** Everything that the pages show; never the token. */
export async function statusRead() {
  const [service, grant, trouble, watches] = await Promise.all([
    read("service"),
    read("grant"),
    read("trouble"),
    read("watches"),
  ]);
  return {
    service: service && { origin: service.origin, paired_at: service.paired_at },
    grant: grant && { ...grant, device_code: undefined },
    trouble,
    watches: watches?.items ?? [],
    captures: (await captures()).reverse(),
  };
}
