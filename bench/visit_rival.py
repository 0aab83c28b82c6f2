"""What changedetection.io's browser mode costs on the posts of one wall, one watch for each post.

What is measured is a second check of all watches, in processor seconds of its service and of the
browser that it drives.
"""

from pathlib import Path

from bench.changedetection import BROWSER, open_peer
from bench.processes import cpu_seconds


def check_cpu(venv: Path, url: str, posts: int) -> float:
    """Processor seconds of one check of so many watches.

    Raises:
        RuntimeError: it does not start, or a watch is not checked in time.
    """
    with open_peer(venv) as peer:
        for number in range(posts):
            peer.add(url, BROWSER, include_filters=[f"#comment-{number + 1}"])
        peer.all_checked(posts, times=1)
        before = cpu_seconds()
        peer.ask("/api/v1/watch?recheck_all=1")
        peer.all_checked(posts, times=2)
        return cpu_seconds() - before
