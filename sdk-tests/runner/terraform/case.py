"""A case: two configurations of the same resources, and their life from apply to destroy.

A folder in terraform/cases/ holds before.tf, after.tf and, where something is special, case.toml:

    [imports]       a resource's address, and its identifier with {attributes} of the state;
                    without it, nothing is imported
    [drift]         a resource's address, and the attributes that the provider finds changed after
                    the change because of a fault of its own
    [import_drift]  the same after the import, where it is not as after the change
    [lost]          a resource's address, and the path to delete it at behind the provider's back
    stays           true when the provider destroys nothing

The output `served` of a configuration maps a path of the API to what its answer must contain.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..results import Outcome, Test
from .cli import CREATED, StepFailed, Work
from .space import Space


@dataclass
class Case:
    """What is special about a case."""

    folder: Path
    imports: dict[str, str] = field(default_factory=dict)
    drift: dict[str, list[str]] = field(default_factory=dict)
    import_drift: dict[str, list[str]] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    stays: bool = False

    @property
    def name(self) -> str:
        return self.folder.name


def read(folder: Path) -> Case:
    """Reads the case in a folder."""
    special = folder / "case.toml"
    return Case(folder, **(tomllib.loads(special.read_text()) if special.exists() else {}))


def live(case: Case, work: Work, space: Space) -> list[Test]:
    """Runs the steps in order, each of which counts as a test, and stops at the first that fails."""
    tests = []
    for name, step in _steps(case, work, space):
        try:
            step()
        except StepFailed as failure:
            return [*tests, Test(f"{case.name}: {name}", Outcome.FAILED, str(failure))]
        tests.append(Test(f"{case.name}: {name}", Outcome.PASSED))
    return tests


def _steps(case: Case, work: Work, space: Space) -> list[tuple[str, Callable[[], None]]]:
    steps = [
        ("apply", lambda: _apply(case.folder / "before.tf", work, space)),
        ("second plan is empty", lambda: _plan(work, {})),
        ("change", lambda: _apply(case.folder / "after.tf", work, space)),
        ("plan after change", lambda: _plan(work, case.drift)),
    ]
    if case.imports:
        steps.append(("import", lambda: _import(case, work)))
    if case.lost:
        steps.append(("a loss is noticed and mended", lambda: _lose(case, work, space)))
    return [*steps, ("destroy", lambda: _destroy(case, work, space))]


def _apply(configuration: Path, work: Work, space: Space) -> None:
    work.configure(configuration)
    work.apply()
    for path, expected in work.output("served").items():
        status, body = space.get(path)
        if status != 200 or not _contains(body, expected):
            raise StepFailed(f"GET {path} answers {status} {body}, which does not contain {expected}")
    if unmatched := space.unmatched():
        raise StepFailed("no operation answers:\n" + "\n".join(unmatched))


def _plan(work: Work, expected: dict[str, list[str]]) -> None:
    changes = work.changes()
    if changes != expected:
        raise StepFailed(f"the plan would change {changes}, instead of {expected}")


def _import(case: Case, work: Work) -> None:
    for address, identifier in case.imports.items():
        work.reimport(address, identifier.format(**work.attributes(address)))
    _plan(work, case.import_drift or case.drift)


def _lose(case: Case, work: Work, space: Space) -> None:
    for address, path in case.lost.items():
        space.delete(path.format(**work.attributes(address)))
    changes = work.changes()
    for address in case.lost:
        if changes.get(address) != CREATED:
            raise StepFailed(f"{address} is gone, but the plan would change {changes}")
    _apply(case.folder / "after.tf", work, space)


def _destroy(case: Case, work: Work, space: Space) -> None:
    paths = list(work.output("served"))
    work.destroy()
    if not work.is_empty():
        raise StepFailed("the state still holds resources")
    for path in [] if case.stays else paths:
        status, body = space.get(path)
        if status != 404:
            raise StepFailed(f"after destroy, GET {path} answers {status} {body}")


def _contains(found: object, expected: object) -> bool:
    """Says whether `found` has all members of `expected`; lists are equal item by item."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            name in found and _contains(found[name], value) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(_contains, found, expected))
    return found == expected
