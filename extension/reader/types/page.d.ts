/** What was read of the page around the posts, and what may be clicked on it. */

/** A layer over the page; `share` of the window's probed points that it covers, 0 to 1. */
interface PageLayer {
  share: number;
  consent: boolean;
  password: boolean;
  name: string;
}

interface PageLink {
  href: string;
  rel: string;
  text: string;
}

interface PageSkeleton {
  path: string;
  tags: Record<string, number>;
  article: boolean;
  folds: number;
}

interface ReadPageFacts {
  url: string;
  title: string;
  site: string | null;
  language: string | null;
  sign: string | null;
  quality: number;
  /** Every item is called an article, or a thing of a known type, by the mark-up itself. */
  declared: boolean;
  count: number;
  shown: number;
  words: number;
  elements: number;
  scripts: number;
  challenges: string[];
  passwords: number;
  layer: PageLayer | null;
  consent: boolean;
  /** A consent dialog without refusal calls itself modal, whatever its style. */
  consent_modal: boolean;
  /** The page's frame is marked as that of an error page. */
  missing: boolean;
  locked: boolean;
  refresh: string | null;
  links: PageLink[];
  folds: number;
  /** Descriptions of the closed folds, to tell them apart from one look to the next. */
  closed: string[];
  outside: string;
  skeleton: PageSkeleton;
  /** Null where no adapter is for the page. */
  adapter?: AdapterFacts | null;
  /** CSS pixels. */
  height: number;
}

/** Something to click for more; `distance` in CSS pixels below the last item. */
interface MoreButton {
  text: string;
  distance: number;
}

/** Milliseconds, except `wanted`: a number of elements. */
interface SettleWish {
  quiet?: number;
  most?: number;
  wanted?: number;
}

interface Settled {
  elements: number;
  /** Milliseconds. */
  waited: number;
  still: boolean;
}

/** Lists of wordings, in lower case with spaces for punctuation; without them structure decides. */
interface ReaderWords {
  never?: string[];
  folded?: string[];
  open?: string[];
  refuse?: string[];
  notPlain?: string[];
  /** Selectors of the refusal in known consent managers. */
  managers?: string[];
}

/** Another order of the list; `href` leads to it, else `choice` is what `chooseOrder` takes. */
interface OrderChoice {
  value: string;
  text: string;
  href: string | null;
  choice: number[];
}
