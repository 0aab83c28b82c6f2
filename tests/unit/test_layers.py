"""Imports point down only, and the four rooms do not know each other."""

import pytest

from tests.unit.source_tree import Module, imported_names, modules

ROOMS = ("store", "evidence", "checker", "audit")
ALLOWED = {
    # what a layer may import of this project, besides itself
    "archiver.domain": (),
    "archiver.store": ("archiver.domain",),
    "archiver.evidence": ("archiver.domain",),
    "archiver.checker": ("archiver.domain",),
    "archiver.audit": ("archiver.domain",),
    "archiver.services": ("archiver.domain", *(f"archiver.{room}" for room in ROOMS)),
    "archiver.config": ("archiver.domain",),
}
PURE = {
    # decisions that anybody must be able to recompute: no clock, no file, no network
    "archiver.domain",
    "archiver.audit",
    "archiver.evidence.merkle",
    "archiver.evidence.tiles",
    "archiver.evidence.checkpoint",
    "archiver.evidence.cosignature",
    "archiver.evidence.signed_note",
    "archiver.evidence.witness",
    "archiver.checker.rules",
    "archiver.checker.rules_facts",
    "archiver.checker.rules_trailing",
    "archiver.checker.second_look",
    "archiver.checker.vantages",
    "archiver.checker.source",
    "archiver.checker.plain_rule",
    "archiver.checker.schedule",
    "archiver.checker.hazard",
    "archiver.checker.hazard_learning",
    "archiver.checker.placing",
    "archiver.checker.lifespans",
    "archiver.checker.budget",
    "archiver.checker.health",
    "archiver.checker.anchoring",
    "archiver.checker.controls",
    "archiver.checker.absence",
    "archiver.checker.in_place",
    "archiver.checker.redesign",
    "archiver.checker.sighting",
    "archiver.checker.wall",
    "archiver.checker.wall_reads",
    "archiver.checker.wall_identity",
    "archiver.checker.wall_record",
    "archiver.checker.page_state",
}
IMPURE_LIBRARIES = (
    "asyncio", "fastapi", "httpx", "obstore", "os", "playwright", "random", "secrets", "socket",
    "sqlalchemy", "sqlmodel", "subprocess", "tempfile", "threading", "time", "urllib.request",
)  # fmt: skip


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def violations(module: Module) -> list[str]:
    layer = next((layer for layer in ALLOWED if within(module.name, layer)), None)
    if layer is None:
        return []
    return [
        f"{module.name} imports {name}"
        for name in imported_names(module)
        if (within(name, "archiver") or within(name, "api") or within(name, "bench"))
        and not within(name, layer)
        and not any(within(name, allowed) for allowed in ALLOWED[layer])
    ]


def test_imports_point_down_only() -> None:
    found = [line for module in modules("archiver") for line in violations(module)]
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_there_and_is_checked(room: str) -> None:
    assert [m for m in modules("archiver") if within(m.name, f"archiver.{room}")]


def test_the_core_does_not_know_its_faces() -> None:
    found = [
        f"{module.name} imports {name}"
        for module in modules("archiver")
        for name in imported_names(module)
        if within(name, "api") or within(name, "fastapi") or within(name, "bench")
    ]
    assert found == []


def test_wiring_is_imported_by_faces_alone() -> None:
    found = [
        f"{module.name} imports {name}"
        for module in modules("archiver")
        for name in imported_names(module)
        if within(name, "archiver.wiring")
        and not module.name.startswith(("archiver.cli", "archiver.worker"))
    ]
    assert found == []


def test_pure_decisions_use_no_io_library() -> None:
    found = [
        f"{module.name} imports {name}"
        for module in modules("archiver")
        if any(within(module.name, pure) for pure in PURE)
        for name in imported_names(module)
        if any(within(name, library) for library in IMPURE_LIBRARIES)
    ]
    assert found == []


def test_there_are_no_import_cycles() -> None:
    known = {module.name: module for module in modules()}
    edges = {
        name: {
            target
            for imported in imported_names(module)
            for target in (imported, imported.rpartition(".")[0])
            if target in known and target != name
        }
        for name, module in known.items()
    }
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name in done:
            return
        for target in sorted(edges[name]):
            # a package's own __init__ is loaded first by its modules: not a cycle of ours
            if not name.startswith(target + "."):
                walk(target, (*trail, name))
        done.add(name)

    for name in sorted(edges):
        walk(name, ())
    assert done == set(known)
