/** What is known of elements before any of them counts as a post. */

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
  /** The group before those that have neither a time nor an author were left out. */
  sifted?: Element[];
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
