/** What the classic scripts of `page/` share with each other on one page. */

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Geometry {
  windowWidth: number;
  /** Device pixels a CSS pixel, as the page says. */
  scale: number | null;
  post: Box;
  clip: Box;
}

/** A part of the document, in CSS pixels from its top left corner, and the post in its picture. */
interface Rectangle {
  rect: { x: number; y: number; width: number; height: number };
  geometry: Geometry;
}

interface Action {
  label: string;
  act: () => void;
}

/** A picture in the post; `best` is the largest version that the page names, `token` stands for it in the snapshot. */
interface PostPicture {
  element: Element;
  token: string;
  shown: string;
  best: string;
  alt: string;
  /** One of the post's pictures, not a portrait or badge. */
  isOwn: boolean;
}

/** With its bytes as a data: address, or why there are none: `tainted`, `large`, `late`. */
interface LoadedPicture extends PostPicture {
  source: string;
  data: string | null;
  problem: string;
}

interface Shots {
  crop: { index: number; geometry: Geometry }[];
  isSteady: boolean;
  /** How the page stood in the picture of the window. */
  around: Geometry | null;
}

interface Kept {
  id: string;
  missing: string[];
  state: string;
  /** What is known of the site could not be used: its layout has changed. */
  isAside?: boolean;
}

interface Marks {
  outline(element: Element, label: string): void;
  unoutline(): void;
  /** Lays a pane over each, which takes the mouse in its place. */
  cover(elements: Element[]): void;
  hint(text: string): void;
  say(title: string, text: string, kind: "good" | "bad" | "busy", action?: Action): void;
  hide(): void;
  close(afterMs?: number): void;
  /** Gone for good: a newer picker draws from now on. */
  retire(): void;
}

/** Where a word stands in a picture; `run` counts the texts that they stand in. */
interface WordBox {
  run: number;
  word: string;
  box: number[];
}

interface PageRooms {
  /** Buttons stand at the posts of this page. */
  hasButtons?: boolean;
  /** The post whose button was pressed. */
  chosen?: Element | null;
  dress(root: ShadowRoot, css: string): void;
  /** From the picker's start until the pictures are taken. */
  isPicking?: boolean;
  marks?: Marks;
  isFirefox: boolean;
  ask(name: string, payload?: object): Promise<any>;
  isOrphaned(): boolean;
  words(key: string, values?: string[]): string;
  faultWords(error: unknown): string;
  makeMarks(): Marks;
  parentOf(element: Element): Element | null;
  shadowOf(element: Element): ShadowRoot | null;
  hostOf(root: Node): Element | null;
  /** The frames that a window stands in, as far as they are of its origin, from the inside out. */
  framesAbove(view: Window & typeof globalThis): Element[];
  canBeSeen(): boolean;
  boxOf(element: Element): Box;
  clipOf(element: Element): Box;
  geometry(post: Element): Geometry;
  bringIntoView(post: Element): void;
  clippers(post: Element): Element[];
  scrollTo(post: Element, row: number): void;
  align(post: Element): void;
  rememberScroll(post: Element): () => void;
  settled(post: Element): Promise<void>;
  canPictureWhole(post: Element): boolean;
  walk(post: Element, look: () => void): Promise<void>;
  rectangles(post: Element): Rectangle[];
  overlaps(post: Element): boolean;
  hideOverlays(post: Element): () => void;
  textNodes(post: Element): { element: Element; node: Text }[];
  watchLines(post: Element, text: string): { look(): void; count(): { lines: number; seen: number } };
  /** In pixels of the post's picture. */
  wordBoxes(post: Element): WordBox[];
  /** In pixels of the picture of the window, at this moment. */
  wordsAround(): WordBox[];
  /** From this frame's corner to the window's. */
  frameCorner(): { x: number; y: number };
  styleText(element: Element, token?: string): string;
  styleSheets(root: Document | ShadowRoot): string;
  picturesOf(post: Element): PostPicture[];
  loadPictures(pictures: PostPicture[]): Promise<LoadedPicture[]>;
  snapshot(post: Element, pictures: PostPicture[]): { html: string; isPostOnly: boolean };
  fillSnapshot(html: string, loaded: LoadedPicture[]): string;
  reading(post: Element): ItemFields & { isSubstitute: boolean };
  pageFacts(): { adapter: string | null };
  thread(reading: ItemFields): object[];
  shoot(post: Element, id: string, look: () => void): Promise<Shots>;
  capture(post: Element, marks: Marks, isHeld: boolean): Promise<void>;
  /** @param isKeptBack what is picked is held back for masks */
  pick(isKeptBack?: boolean): void;
  endPicking?: () => void;
}

declare var RaturePage: PageRooms;
