/** What is known of single sites, and what was read by it. */

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
