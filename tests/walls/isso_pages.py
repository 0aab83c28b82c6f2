"""The brand's own site around isso's comments: an article that embeds its client, and a home."""

from http.server import BaseHTTPRequestHandler

from tests.servers.local import LocalServer, http_server

ARTICLE = "/articles/bouilloire/"
_PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<header><a href="/">Acme</a> <nav><a href="/articles/bouilloire/">Une bouilloire</a></nav></header>
<main>{main}</main>
<footer><p>Acme, 12 rue des Forges, Lyon</p></footer>
</body>
</html>"""
_HOME = "<h1>Acme</h1><p>Des bouilloires depuis 1931, faites à Lyon.</p>"
_MISSING = "<h1>404</h1><p>Cette page n'existe pas.</p>"
_ARTICLE = """<article><h1>Une bouilloire pour dix ans</h1>
<p>Notre nouvelle bouilloire est en acier brossé, et chaque pièce s'en remplace.</p>
<p>Elle a demandé trois ans de travail à notre atelier de Lyon.
Dites-nous ce que vous en pensez.</p>
</article>
<section id="isso-thread" data-isso-id="{article}" data-title="Une bouilloire"></section>
<script src="{isso}/js/embed.min.js" data-isso="{isso}" {attributes}></script>"""


class ArticleSite(LocalServer):
    """Serves the article on a port of its own; `attributes` are those of isso's client script."""

    def __init__(self, port: int, isso_url: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.isso_url = isso_url
        self.attributes: dict[str, str] = {}
        self.published = True
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = site.page(self.path)
                sent = body.encode("utf-8")
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(sent)

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Says nothing: the test's output is for the test."""

        super().__init__(http_server(Handler, port))

    def page(self, path: str) -> tuple[int, str]:
        """Give the status and the HTML of an address."""
        lang = self.attributes.get("lang", "en")
        where = path.partition("?")[0]
        if where == "/":
            return 200, _PAGE.format(lang=lang, title="Acme", main=_HOME)
        if where != ARTICLE or not self.published:
            return 404, _PAGE.format(lang=lang, title="404", main=_MISSING)
        said = " ".join(f'data-isso-{name}="{value}"' for name, value in self.attributes.items())
        main = _ARTICLE.format(article=ARTICLE, isso=self.isso_url, attributes=said)
        return 200, _PAGE.format(lang=lang, title="Une bouilloire pour dix ans", main=main)
