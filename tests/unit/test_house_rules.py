"""House rules that a linter does not know."""

import ast
import re
import subprocess
from pathlib import Path

from tests.unit.source_tree import ROOT, modules

MAX_LINES = 400
BROAD_ALLOWED = ("archiver.worker", "archiver.cli")
FOREIGN = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|\"resolved\":|DESIGN\.md)"
)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"} for n in names)


def test_files_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in tracked_files()
        if path.suffix in {".py", ".js", ".html", ".css"}
        and not {"vendor", "versions"} & set(path.parts)  # others' code, generated migrations
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    ]
    assert long == []


def test_broad_except_only_at_the_top() -> None:
    broad = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if not module.name.startswith(BROAD_ALLOWED)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    ]
    assert broad == []


def test_no_mutable_state_in_modules() -> None:
    """A list, dict or set in a module is a constant by its name, or it is not there."""
    state = []
    for module in modules("api", "archiver"):
        for node in module.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                constant = isinstance(target, ast.Name) and (
                    target.id.isupper() or target.id.startswith("__")
                )
                if isinstance(node.value, MUTABLE) and not constant and "migrations" not in str(
                    module.path
                ):  # fmt: skip
                    state.append(f"{module.name}:{node.lineno}")
        state += [
            f"{module.name}:{node.lineno} global"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Global)
        ]
    assert state == []


def test_the_project_names_no_registry_and_no_machine() -> None:
    own = Path(__file__)
    found = []
    for path in tracked_files():
        if path == own or path.suffix in {".png", ".ico", ".woff2"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in FOREIGN.findall(text)]
    assert found == []
