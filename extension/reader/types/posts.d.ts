/** Posts: what those of a page have in common, and what was read of each. */

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
