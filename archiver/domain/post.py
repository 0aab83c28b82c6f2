"""A post, as somebody asks for it to be watched."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

MIN_TEXT = 2
"""Characters a quote needs at the least, after white space is folded."""


class Target(BaseModel):
    """What to look for: the page that shows the post, its text, and whatever else is known.

    Raises (on construction):
        ValueError: empty text, or one of a single character (it would be found anywhere).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(min_length=1, max_length=4096)
    text: str = Field(max_length=100_000)
    author: str | None = Field(default=None, max_length=500)
    post_id: str | None = Field(default=None, max_length=500)
    permalink: str | None = Field(default=None, max_length=4096)
    parent: str | None = Field(default=None, max_length=4096)

    @field_validator("text")
    @classmethod
    def _long_enough(cls, text: str) -> str:
        folded = " ".join(text.split())
        if not folded:
            raise ValueError("the text is empty: quote the post's words")
        if len(folded) < MIN_TEXT:
            raise ValueError("a text of one character cannot identify a post: quote more of it")
        return text
