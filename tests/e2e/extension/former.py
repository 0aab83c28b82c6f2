"""The extension as it was before the last update: what a profile out there may hold.

`tests/fixtures/extension/former.zip` is the folder `extension` of an earlier commit. When a version
is given to people, it takes that version's place.
"""

import json
import zipfile
from pathlib import Path

import archiver

FORMER = Path(archiver.__file__).parent.parent / "tests" / "fixtures" / "extension" / "former.zip"
VERSION = "0.0.9"


def unpack_former(target: Path) -> Path:
    """Write the former extension to `target`, with a version below today's."""
    with zipfile.ZipFile(FORMER) as package:
        package.extractall(target)
    path = target / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"version": VERSION}), encoding="utf-8")
    return target
