/** What the reader's classic scripts share with each other, and give to their callers. */

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
  authorOf(item: Element, profile: ItemProfile, own: string | null): ItemAuthor;
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
