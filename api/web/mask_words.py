"""Plain words for what can be shown of a post: records, pictures, fields."""

from api.web.words import N_

RECORDS = {
    "capture": N_("Capture"),
    "observation": N_("Look"),
    "visit": N_("Page seen at a visit"),
    "notice": N_("What the author said"),
}
PICTURES = {
    "screenshot": N_("Picture of the post"),
    "context_screenshot": N_("Picture of the page around it"),
    "page": N_("Picture of the page"),
    "post": N_("Picture of the post at this look"),
}
FIELDS = {
    "text": N_("Text"),
    "author": N_("Author"),
    "author_id": N_("The site's name for the author"),
    "post_id": N_("The site's number of the post"),
    "parent_id": N_("The site's number of the post that it answers"),
    "parent_url": N_("Address of the post that it answers"),
    "shown_time": N_("Time as the page shows it"),
    "markup_time": N_("Time as the page's source has it"),
    "permalink": N_("The post's own address"),
    "url": N_("Address of the page"),
    "canonical_url": N_("Address that the page gives itself"),
    "final_url": N_("Address that it led to"),
    "title": N_("Title of the page"),
    "path_followed": N_("Path followed to it"),
    "contributor": N_("Who captured it"),
    "notes": N_("Notes"),
    "environment": N_("Browser and machine"),
    "detail": N_("Detail of the look"),
}


def label(words: dict[str, str], name: str) -> str:
    """The word for a name; the name itself where there is none."""
    return words.get(name, name)
