"""A wall's address, and the host that it is visited on."""

from urllib.parse import urlsplit, urlunsplit


def wall_address(url: str) -> str:
    """The address under which all posts of one page share a visit.

    Scheme and host are case-insensitive (RFC 3986, 6.2.2.1). A fragment names a place in the page
    and is dropped, unless the page's own script takes it for an address (`#!/...`, `#/...`).

    Raises:
        ValueError: not an address at all.
    """
    parts = urlsplit(url.strip())
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    host = parts.netloc.lower()
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", parts.query, fragment))


def host_of(url: str) -> str:
    """The host with its port, if it has one: what politeness is owed to.

    Raises:
        ValueError: not an address at all.
    """
    return urlsplit(url.strip()).netloc.lower()
