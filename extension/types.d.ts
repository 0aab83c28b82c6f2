/** What the classic scripts of `page/` share with each other on one page. */

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Geometry {
  windowWidth: number;
  /** Device pixels a CSS pixel, where the browser pictures exactly so; null: as wide as the picture is. */
  scale: number | null;
  post: Box;
  clip: Box;
}

/** A part of the document, in CSS pixels from its top left corner, and the post in its picture. */
interface Rectangle {
  rect: { x: number; y: number; width: number; height: number };
  geometry: Geometry;
}

interface Marks {
  outline(element: Element, label: string): void;
  hint(text: string): void;
  say(title: string, text: string, kind: "good" | "bad" | "busy"): void;
  hide(): void;
  close(afterMs?: number): void;
  /** Gone for good: a newer picker draws from now on. */
  retire(): void;
}

interface PageRooms {
  /** From the picker's start until the pictures are taken. */
  isPicking?: boolean;
  marks?: Marks;
  isFirefox: boolean;
  ask(name: string, payload?: object): Promise<any>;
  words(key: string, values?: string[]): string;
  faultWords(error: unknown): string;
  makeMarks(): Marks;
  parentOf(element: Element): Element | null;
  shadowOf(element: Element): ShadowRoot | null;
  geometry(post: Element): Geometry;
  bringIntoView(post: Element): void;
  clippers(post: Element): Element[];
  scrollTo(post: Element, row: number): void;
  rememberScroll(post: Element): () => void;
  settled(post: Element): Promise<void>;
  canPictureWhole(post: Element): boolean;
  walk(post: Element): Promise<void>;
  rectangles(post: Element): Rectangle[];
  overlaps(post: Element): boolean;
  hideOverlays(post: Element): () => void;
  styleText(element: Element): string;
  styleSheets(root: Document | ShadowRoot): string;
  snapshot(post: Element): { html: string; isPostOnly: boolean };
  reading(post: Element): ItemFields & { isSubstitute: boolean };
  pageFacts(): object;
  capture(post: Element, marks: Marks): Promise<void>;
}

declare var RaturePage: PageRooms;
