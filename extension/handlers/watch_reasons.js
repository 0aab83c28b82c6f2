import { keepAction } from "../lib/actions.js";
import { updateBadge } from "../lib/badge.js";
import { Fault } from "../lib/fault.js";
import { tryRefresh } from "../lib/paired.js";
import { drain, wakeLater } from "../lib/sender.js";
import { announce } from "../lib/settings.js";
import { subjectOf } from "../lib/subject.js";

const LONGEST = 20_000;

/** What the service takes; base64 is a third longer. */
const LARGEST = 25 * 2 ** 20 * (4 / 3);
const PICTURES = new Set(["image/png", "image/jpeg", "image/webp"]);

/**
 * The person was told why the post went: as text, as a picture of it, or both.
 * @param {{watch?: string, capture?: string, text: string, picture?: {media_type: string, data: string} | null}} payload
 */
export async function watchReasons({ text, picture = null, ...payload }) {
  const said = String(text).trim().slice(0, LONGEST).toWellFormed();
  if (!said && !picture) throw new Fault("reasons_empty");
  if (picture && (!PICTURES.has(picture.media_type) || picture.data.length > LARGEST)) throw new Fault("picture_unfit");
  const subject = await subjectOf(payload);
  await wakeLater();
  const shown = picture ? { picture: { media_type: picture.media_type, data: picture.data } } : {};
  const body = { notice: "reasons_given", text: said, ...shown, at: new Date().toISOString() };
  const id = await keepAction("reasons_given", subject, { body, words: said.slice(0, 200) });
  await updateBadge();
  await announce();
  void drain().then(tryRefresh);
  return { id };
}
