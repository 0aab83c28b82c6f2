#!/usr/bin/env python3
"""Packs the extension for Chrome and for Firefox out of the one folder in git.

    python3 scripts/build_extension.py [--source extension] [--out dist] [chrome] [firefox]

The same source gives the same bytes: names sorted, times and modes fixed, nothing of the machine.
The two packages differ in `manifest.json` alone; `derive` says how. The folder itself can be loaded
unpacked in Chromium: its manifest has what both browsers need.
"""

import argparse
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chrome", "firefox")
# What a browser reads. Types, the icons' script and whatever lies about stays out.
PACKED = {".js", ".json", ".html", ".css", ".png"}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a ZIP can hold
MODE = 0o100644 << 16  # a regular file that its owner may write and all may read
UNIX = 3


def derive(manifest: dict[str, Any], browser: str) -> dict[str, Any]:
    """Give the manifest of one browser: what is the other one's alone is left out."""
    own = dict(manifest)
    background = dict(own["background"])
    if browser == "chrome":
        del background["scripts"]
        others = ("browser_specific_settings", "sidebar_action")
    else:
        # An event page: Firefox runs no service worker for extensions. Its sidebar asks for no
        # permission.
        del background["service_worker"]
        others = ("minimum_chrome_version", "side_panel")
        own["permissions"] = [name for name in own["permissions"] if name != "sidePanel"]
    own = {key: value for key, value in own.items() if key not in others}
    return {**own, "background": background}


def files(source: Path) -> list[Path]:
    """Give every file that is packed, in the order of the package."""
    found = [
        path
        for path in source.rglob("*")
        if path.is_file()
        and path.suffix in PACKED
        and not any(part.startswith((".", "__")) for part in path.relative_to(source).parts)
    ]
    return sorted(found, key=lambda path: path.relative_to(source).as_posix())


def content(path: Path, browser: str) -> bytes:
    """Give a file's bytes as this browser's package has them."""
    if path.name != "manifest.json":
        return path.read_bytes()
    manifest = derive(json.loads(path.read_text(encoding="utf-8")), browser)
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def build(browser: str, source: Path, out: Path) -> Path:
    """Write `out/rature-BROWSER-VERSION.zip` and give its path."""
    version = json.loads((source / "manifest.json").read_text(encoding="utf-8"))["version"]
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"rature-{browser}-{version}.zip"
    with zipfile.ZipFile(target, "w") as package:
        for path in files(source):
            entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), date_time=EPOCH)
            entry.external_attr = MODE
            entry.create_system = UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content(path, browser), compresslevel=9)
    return target


def main() -> None:
    """Build what the command line names, both browsers' packages without a name."""
    parser = argparse.ArgumentParser(description="Packs the extension, reproducibly.")
    parser.add_argument("browsers", nargs="*", metavar="BROWSER", help="chrome, firefox")
    parser.add_argument("--source", type=Path, default=ROOT / "extension")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    if unknown := set(options.browsers) - set(BROWSERS):
        parser.error(f"no such browser: {', '.join(sorted(unknown))}")
    for browser in options.browsers or BROWSERS:
        target = build(browser, options.source, options.out)
        sys.stdout.write(f"{target} ({target.stat().st_size} bytes)\n")


if __name__ == "__main__":
    main()
