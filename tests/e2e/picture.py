"""`python -m tests.e2e.picture OUT.png`: a removal on WordPress, and the page that shows it."""

import argparse
import tempfile
from pathlib import Path

from tests.e2e.scenario import Spans, removal_picture
from tests.servers.service import RatureService
from tests.walls.wordpress import WordPress


def main() -> None:
    """Start everything, let a moderator take a complaint down, and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as name, WordPress() as wall:
        folder = Path(name)
        with RatureService(folder / "service", Spans(1, 4).settings) as service:
            removal_picture(service, wall, folder / "browser", out)


if __name__ == "__main__":
    main()
