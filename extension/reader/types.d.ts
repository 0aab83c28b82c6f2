/** What the reader's classic scripts share with each other, and give to their callers. */

/** A child as the walks meet it; `nodeType` tells which. */
type ReadNode =
  | (Element & { readonly nodeType: 1 })
  | (Text & { readonly nodeType: 3 })
  | (Comment & { readonly nodeType: 8 });

/** True for a subtree to leave out. */
type Skip = (element: Element) => boolean;

/** A piece of text with the element it stands in; `node` is a picture where that stands for a character. */
interface Leaf {
  text: string;
  element: Element;
  node: Text | Element;
}

/** What was counted of one element and all below it: characters, or how many there are. */
interface ElementCounts {
  text: number;
  /** Characters inside links. */
  linked: number;
  times: number;
  pictures: number;
  authors: number;
  /** Editable fields. */
  fields: number;
}

interface ElementFacts extends ElementCounts {
  /** The place in the page's order, from 0. */
  order: number;
}

interface Survey {
  root: Element;
  elements: Element[];
  /** Holds every one of `elements`. */
  facts: Map<Element, ElementFacts>;
}

/** Counts without what belongs to nested items; depth 1 for a nested one. */
type OwnFacts = ElementFacts & { depth: number };

/** The neighbour that carries the time of a record made of two elements. */
type Annex = "before" | "after" | null;

/** Items that are made alike. */
interface Template {
  group: Element[];
  annex: Annex;
}

/** A group with what speaks for it; `hint` is the part of its score that its name gives. */
interface Ranked extends Template {
  sign: string;
  score: number;
  quality: number;
  hint: number;
}

/** The repeated items of a page in its order, and by template; `quality` is 0 to 1. */
interface ItemGroup {
  sign: string;
  score: number;
  quality: number;
  items: Element[];
  templates: Template[];
  /** Where the site's adapter reads the items. */
  bySite?: SiteReading;
}

/** Where a value stands in a post: in its text, or in an attribute; `up`: of an element around it. */
interface SiteSource {
  css?: string;
  attr?: string;
  /** Its first group, or all that it matches, is the value. */
  pattern?: string;
  up?: boolean;
}

/** One kind of item on a site. Each field has its sources, the first that says something counts. */
interface SiteKind {
  item: string;
  list?: string;
  id?: SiteSource[];
  parent?: SiteSource[];
  author?: SiteSource[];
  author_id?: SiteSource[];
  text?: SiteSource[];
  time?: SiteSource[];
  shown?: SiteSource[];
  permalink?: SiteSource[];
  /** Parts of the text's element that are no words of the post. */
  drop?: string[];
  /** Posts quoted within a post. */
  quoted?: string;
  required: ("id" | "author" | "text" | "markup_time" | "shown_time" | "permalink")[];
}

/** An adapter: a file of extension/sites. Its form is checked by archiver/checker/sites. */
interface SiteData {
  name: string;
  hosts: string[];
  marks: string[];
  kinds: SiteKind[];
  more?: { next?: string; button?: string; see_more?: string };
  wait?: string;
  own_page?: string;
  obstacles?: { css: string; reason: string }[];
}

/** One reading by an adapter; `problems` are the selectors and patterns that are wrong. */
interface SiteJob {
  site: SiteData;
  problems: Set<string>;
}

interface SiteFields {
  id: string | null;
  parent: string | null;
  author: string | null;
  author_id: string | null;
  body: Element | null;
  text: string | null;
  shown_time: string | null;
  markup_time: string | null;
  permalink: string | null;
}

interface SiteReading {
  job: SiteJob;
  fields: Map<Element, SiteFields>;
  kindOf: Map<Element, SiteKind>;
}

/** The adapter for the page, and whether the reading is its own; `why` it stepped aside otherwise. */
interface AdapterFacts {
  name: string;
  used: boolean;
  why: string | null;
  problems: string[];
  /** Reasons of the obstacles that it knows and that stand on the page. */
  obstacles: string[];
}

interface ItemLeaves {
  item: Element;
  leaves: Leaf[];
}

/** What the items of a page have in common. A path reads `DIV2>P1`: tags with their places among equals. */
interface ItemProfile {
  items: Set<Element>;
  skip: Skip;
  annex: Annex;
  labels: Set<string>;
  times: Map<Element, Element | null>;
  authorSign: string | null;
  /** Where the author stands in each item, when no sign tells. */
  authorSlot: Map<Element, FoundName> | null;
  /** An element's place in its item. */
  placeOf: (element: Element) => string;
  /** Found so far. */
  bodies: Map<Element, Element>;
  /** The place of the body; empty for the item itself. */
  bodyPath: string;
  /** Items whose own mark-up calls them deleted. */
  struck: Set<Element>;
}

/** A name, with the element that holds it and perhaps more. */
interface FoundName {
  element: Element;
  name: string;
}

interface ItemAuthor {
  author: string | null;
  author_id: string | null;
}

interface ItemTime {
  shown_time: string | null;
  markup_time: string | null;
}

interface ItemFields extends ItemAuthor, ItemTime {
  post_id: string | null;
  parent_id: string | null;
  text: string;
  permalink: string | null;
}

/** A post on its page. `box` is in CSS pixels from the page's top left corner. */
interface PagePost extends ItemFields {
  /** The place in `posts` of the post answered to. */
  parent: number | null;
  visible: boolean;
  hidden_by: string | null;
  unfoldable: boolean;
  struck: boolean;
  box: { x: number; y: number; width: number; height: number };
  pictures: number;
}

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

interface Reader {
  /** Given by the checker; the extension has none. */
  words?: ReaderWords;
  /** Given by the checker and by the extension: what is known of single sites. */
  sites?: SiteData[];
  // sitefields.js
  guarded<T>(job: SiteJob, what: string, otherwise: T, work: () => T): T;
  allBySite(job: SiteJob, root: Element | Document, css: string | undefined): Element[];
  fieldsBySite(job: SiteJob, kind: SiteKind, item: Element, skip: Skip): SiteFields;
  settleFields(read: SiteReading, profiles: Map<Element, ItemProfile>, ids: Map<Element, string>, addresses: Map<Element, string>): void;
  overlaid(fields: ItemFields, own: SiteFields): ItemFields;
  // adapter.js
  /** What the adapter's part in the last reading was. */
  latest?: AdapterFacts;
  siteHere(): SiteData | null;
  siteItems(root: Element): Element[];
  readList(root: Element): { group: ItemGroup | null; adapter: AdapterFacts | null };
  itemsOn(root: Element): ItemGroup | null;
  namedBySite(name: "next" | "button" | "see_more", root?: Document | Element): Element[];
  isAwaited(): boolean;
  // clickable.js
  bareWords(text: string): string;
  labelOf(element: Element): string;
  staysHere(element: Element): boolean;
  mayShow(element: Element): boolean;
  mayClick(element: Element): boolean;
  mayChoose(element: Element): boolean;
  selectBelow(root: Document | Element | ShadowRoot, selector: string): Element[];
  // unfold.js
  /** Folds that were clicked, those that opened, and those clicked last. */
  tried?: WeakMap<Element, string>;
  opened?: WeakMap<Element, string>;
  clicked?: { control: Element; label: string; mark: string; size: number }[];
  closedFolds(items: Element[]): string[];
  openFolds(wish: { kind: "text" | "posts"; most: number }): string[];
  checkOpened(): number;
  // consent.js
  listedOf(group: ItemGroup): Element[];
  asksConsent(box: Element, items: Element[]): boolean;
  refuseConsent(): string | null;
  // text.js
  fold(text: string): string;
  isSkipped(element: Element): boolean;
  childrenOf(node: Element): Iterable<ReadNode>;
  parentOf(element: Element): Element | null;
  elementsBelow(root: Element): Element[];
  leaves(root: Element, skip?: Skip): Leaf[];
  emojiOf(element: Element): string;
  blockText(root: Element, keep?: (node: Text | Element) => boolean, skip?: Skip): string;
  // hints.js
  isTimeLike(text: string): boolean;
  idPattern(id: string | null): string | null;
  idAttributes(element: Element): string[];
  semanticKind(element: Element): string | null;
  isControl(element: Element): boolean;
  controlAround(element: Element, stop: Element): Element | null;
  // visible.js
  hiddenBy(element: Element): string | null;
  canUnfold(element: Element): boolean;
  // places.js
  ownElements(item: Element, skip: Skip): Element[];
  placesIn(items: Element[], skip: Skip): (element: Element) => string;
  // times.js
  marksTime(element: Element): boolean;
  learnTimes(read: ItemLeaves[], profile: ItemProfile): Map<Element, Element | null>;
  timeOf(item: Element, profile: ItemProfile): ItemTime;
  // fields.js
  learnProfile(items: Element[], all?: Element[], annex?: Annex): ItemProfile;
  ownOne(item: Element, selector: string, skip: Skip, fits?: (found: Element) => boolean): Element | null;
  partsOf(item: Element, profile: ItemProfile): Element[];
  pathOf(element: Element, item: Element): string;
  linkCounts(items: Element[]): Map<string | null, number>;
  addressesOf(items: Element[], all: Element[], profile: ItemProfile, shared: Map<string | null, number>): {
    ids: Map<Element, string>;
    permalinks: Map<Element, string>;
  };
  standsAlone(element: Element, item: Element): boolean;
  isInTime(time: Element | null, element: Element): boolean;
  // authors.js
  looksLikeAuthor(element: Element): boolean;
  learnAuthor(read: ItemLeaves[], profile: ItemProfile): void;
  authorElement(item: Element, profile: ItemProfile): Element | null;
  authorOf(item: Element, profile: ItemProfile): ItemAuthor;
  // body.js
  learnBody(read: ItemLeaves[], profile: ItemProfile): string;
  bodyOf(item: Element, profile: ItemProfile): Element;
  textOf(item: Element, profile: ItemProfile): string;
  // survey.js
  COUNTS: readonly ["text", "linked", "times", "pictures", "authors", "fields"];
  survey(root: Element): Survey;
  ownCounts(group: Element[], survey: Survey): Map<Element, OwnFacts>;
  // groups.js
  classTokens(element: Element): string[];
  gatherGroups(survey: Survey): Map<string, Element[]>;
  likeness(group: Element[]): number;
  kinships(group: Element[]): { paths: number; share: number }[];
  // rivals.js
  besideTeasers(best: Ranked, ranked: Ranked[], survey: Survey): Ranked;
  withoutFrame(entry: Ranked, survey: Survey): Ranked;
  insideSections(best: Ranked, ranked: Ranked[], survey: Survey): { best: Ranked; opening: Element | null };
  trustIn(entry: Ranked, survey: Survey): number;
  // items.js
  namesPosts(name: string): boolean;
  isOffList(element: Element): boolean;
  rankGroups(survey: Survey): Ranked[];
  findGroup(survey: Survey): ItemGroup | null;
  // kin.js
  annexOf(group: Element[], survey: Survey): Annex;
  neighbour(item: Element, side: "before" | "after"): Element | null;
  withKin(best: Ranked, ranked: Ranked[], survey: Survey): Template[];
  // more.js
  /** What `moreButtons` found last, in the same order. */
  offered?: HTMLElement[];
  moreButtons(): MoreButton[];
  clickMore(which?: number): boolean;
  scrollToEnd(): void;
  /** What scrolls the list, once it was found. */
  scroller?: Element;
  scrollOn(share: number | null): Promise<{ end: boolean }>;
  isBusy(): boolean;
  selects?: HTMLSelectElement[];
  orderChoices(): OrderChoice[];
  chooseOrder(choice: number[]): boolean;
  // orders.js
  /** What `orderTabs` found last, in the same order. */
  tabs?: HTMLElement[];
  orderTabs(): OrderChoice[];
  chooseTab(at: number): boolean;
  // settle.js
  settle(wish?: SettleWish): Promise<Settled>;
  // facts.js
  isBoxed(element: Element): boolean;
  pageFacts(found: ItemGroup | null, posts: PagePost[]): ReadPageFacts;
  // page.js
  readPage(options?: { root?: Element }): { page: ReadPageFacts | {}; posts: PagePost[] };
  readItem(element: Element): ItemFields;
  itemAround(element: Element): Element;
}

declare var RatureReader: Reader;
