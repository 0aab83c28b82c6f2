"""How a bundle is asked for: masked or not, in which language, with Content Credentials or not."""

import re
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from api.web.render import chosen_language
from archiver.services.export_material import ExportOptions

MADE = re.compile(r"[0-9a-f]{16}")
Lang = Literal["en", "fr"]


def bundle_options(
    request: Request,
    masked: Annotated[
        bool, Query(description="Only what the owner chose to show; see the post's masks.")
    ] = False,
    lang: Annotated[
        Lang | None, Query(description="Of the exhibit; by Accept-Language unless it is given.")
    ] = None,
    c2pa: Annotated[
        bool, Query(description="Masked pictures with Content Credentials, too.")
    ] = False,
) -> ExportOptions:
    """The options of a request."""
    chosen: Lang = lang or ("fr" if chosen_language(request).locale == "fr" else "en")
    return ExportOptions(masked=masked, lang=chosen, c2pa=c2pa)


Options = Annotated[ExportOptions, Depends(bundle_options)]


def bundle_name(identifier: str, options: ExportOptions) -> str:
    """What its file is called after `rature-`."""
    return f"{identifier}-masked" if options.masked else identifier
