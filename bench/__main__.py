"""`python -m bench NAME [--json]`: one benchmark, its figures line by line as they come."""

import argparse
import importlib
import pkgutil

import bench

NO_BENCHMARKS = frozenset(
    {
        "__main__",
        "changedetection",
        "journal",
        "peer_watchers",
        "processes",
        "report",
        "scores",
        "visit_costs",
        "visit_rival",
        "visit_wall",
        "watchers",
    }
)


def names() -> list[str]:
    """The benchmarks there are: every other module of this package, each with a `run()`."""
    found = {module.name for module in pkgutil.iter_modules(bench.__path__)}
    return sorted(found - NO_BENCHMARKS)


def main() -> None:
    """Runs one benchmark; its baseline is measured in the same run."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("name", choices=names())
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--quick", action="store_true", help="a smaller run, where there is one")
    options = parser.parse_args()
    module = importlib.import_module(f"bench.{options.name}")
    if options.quick and not hasattr(module, "run_quick"):
        parser.error(f"{options.name} has no quick run")
    for figure in module.run_quick() if options.quick else module.run():
        print(figure.as_json() if options.json else figure.as_text(), flush=True)


if __name__ == "__main__":
    main()
