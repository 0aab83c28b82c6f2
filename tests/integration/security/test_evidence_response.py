import pytest

from api.security_evidence import evidence_response, is_picture

PNG = b"\x89PNG\r\n\x1a\n rest"
JPEG = b"\xff\xd8\xff\xe0 rest"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
HTML = b"<script>fetch('/api/v1/tokens')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

CASES = [
    # what it is said to be, what it is, how it is shown
    ("image/png", PNG, "image/png", "inline"),
    ("image/jpeg", JPEG, "image/jpeg", "inline"),
    ("image/webp", WEBP, "image/webp", "inline"),
    ("IMAGE/PNG; x=y", PNG, "image/png", "inline"),
    # a page that says it is a picture, and a picture of another type
    ("image/png", HTML, "application/octet-stream", "attachment"),
    ("image/png", JPEG, "application/octet-stream", "attachment"),
    ("image/webp", b"RIFF", "application/octet-stream", "attachment"),
    # active content is shown as its source
    ("text/html", HTML, "text/plain; charset=utf-8", "inline"),
    ("text/html; charset=utf-16", HTML, "text/plain; charset=utf-8", "inline"),
    ("image/svg+xml", SVG, "text/plain; charset=utf-8", "inline"),
    ("application/xhtml+xml", HTML, "text/plain; charset=utf-8", "inline"),
    ("application/json", b"{}", "text/plain; charset=utf-8", "inline"),
    # anything else is a file to keep
    ("application/javascript", b"alert(1)", "application/octet-stream", "attachment"),
    ("application/pdf", b"%PDF-1.7", "application/octet-stream", "attachment"),
    ("", HTML, "application/octet-stream", "attachment"),
    ("image/png\r\nSet-Cookie: a=b", PNG, "application/octet-stream", "attachment"),
]


@pytest.mark.parametrize(("said", "data", "shown", "disposition"), CASES)
def test_archived_content_is_shown_only_in_a_form_that_cannot_act(
    said: str, data: bytes, shown: str, disposition: str
) -> None:
    answer = evidence_response(data, said, "page.html")
    assert answer.body == data
    assert answer.headers["Content-Type"] == shown
    assert answer.headers["Content-Disposition"].startswith(f"{disposition};")
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "sandbox" in policy, "no script, no form, an origin of its own"
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("said", ["image/png", "text/html"])
def test_a_download_is_an_attachment_whatever_it_is(said: str) -> None:
    answer = evidence_response(PNG, said, "a.png", download=True)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("page.html", "page.html", "page.html"),
        ('a"; filename="b.exe', "a_filename_b.exe", "a%22%3B%20filename%3D%22b.exe"),
        ("../../etc/passwd", "etc_passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("a\r\nSet-Cookie: b=c", "a_Set-Cookie_b_c", "a%0D%0ASet-Cookie%3A%20b%3Dc"),
        ("écran.png", "cran.png", "%C3%A9cran.png"),
        ("", "evidence", ""),
    ],
)
def test_a_name_cannot_break_out_of_its_header(name: str, plain: str, exact: str) -> None:
    header = evidence_response(PNG, "image/png", name).headers["Content-Disposition"]
    assert header == f"inline; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def test_an_empty_file_is_no_picture() -> None:
    assert not is_picture(b"", "image/png")
    assert not is_picture(b"", "image/webp")
    assert not is_picture(PNG, "text/html")
