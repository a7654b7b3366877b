"""A case: two configurations of the same resources, and the steps from apply to destroy.

A folder in terraform/cases/ contains before.tf, after.tf, optionally moved.tf, which has the same resources as after.tf
at other addresses and `moved` blocks, and, if the case has special settings, case.toml:

    [imports]           maps the address of a resource to its import id, in which {attributes} are replaced by
                        those in the state; without it, nothing is imported
    [drift]             maps the address of a resource to the attributes that the plan after the update still
                        changes because of a bug in the provider
    [import_drift]      the same for the plan after the import; the default is that of `drift`
    generates           addresses of `imports` that are imported again, by import blocks without a resource, from which
                        the CLI generates the configuration; the plan with that configuration must be empty
    [external_delete]   maps the address of a resource to the path of the API at which the test deletes it
                        outside of Terraform
    survives_destroy    true if the provider deletes nothing on destroy

The output `expected_responses` of a configuration maps a path of the API to fields that its response must contain.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..results import Outcome, Test
from .cli import CREATED, StepFailed, WorkingDirectory
from .namespace import Namespace


@dataclass
class Case:
    """A case folder with the settings of its case.toml."""

    folder: Path
    imports: dict[str, str] = field(default_factory=dict)
    drift: dict[str, list[str]] = field(default_factory=dict)
    import_drift: dict[str, list[str]] = field(default_factory=dict)
    generates: list[str] = field(default_factory=list)
    external_delete: dict[str, str] = field(default_factory=dict)
    survives_destroy: bool = False

    @property
    def name(self) -> str:
        return self.folder.name


def read(folder: Path) -> Case:
    """Reads the case in a folder."""
    settings = folder / "case.toml"
    return Case(folder, **(tomllib.loads(settings.read_text()) if settings.exists() else {}))


def run(case: Case, directory: WorkingDirectory, namespace: Namespace) -> list[Test]:
    """Runs the steps in order, each of which counts as a test, until the first failure."""
    tests = []
    for name, step in _steps(case, directory, namespace):
        try:
            step()
        except StepFailed as failure:
            return [*tests, Test(f"{case.name}: {name}", Outcome.FAILED, str(failure))]
        tests.append(Test(f"{case.name}: {name}", Outcome.PASSED))
    return tests


def _steps(
    case: Case, directory: WorkingDirectory, namespace: Namespace,
) -> list[tuple[str, Callable[[], None]]]:
    steps = [
        ("apply", lambda: _apply(case.folder / "before.tf", directory, namespace)),
        ("second plan is empty", lambda: _plan(directory, {})),
        ("update", lambda: _apply(case.folder / "after.tf", directory, namespace)),
        ("plan after update", lambda: _plan(directory, case.drift)),
    ]
    if case.imports:
        steps.append(("import", lambda: _import(case, directory)))
    if case.generates:
        steps.append(("generated configuration", lambda: _generate(case, directory)))
    if case.external_delete:
        steps.append(("external deletion is detected and repaired", lambda: _delete(case, directory, namespace)))
    if (case.folder / "moved.tf").exists():
        steps.append(("moved blocks change nothing", lambda: _move(case, directory)))
    return [*steps, ("destroy", lambda: _destroy(case, directory, namespace))]


def _apply(configuration: Path, directory: WorkingDirectory, namespace: Namespace) -> None:
    directory.configure(configuration)
    directory.apply()
    for path, expected in directory.output("expected_responses").items():
        status, body = namespace.get(path)
        if status != 200 or not _contains(body, expected):
            raise StepFailed(f"GET {path} returned {status} {body}, which does not contain {expected}")
    if unmatched := namespace.unmatched():
        raise StepFailed("no operation matched:\n" + "\n".join(unmatched))


def _plan(directory: WorkingDirectory, expected: dict[str, list[str]]) -> None:
    changes = directory.changes()
    if changes != expected:
        raise StepFailed(f"the plan changes {changes}, expected {expected}")


def _import(case: Case, directory: WorkingDirectory) -> None:
    for address, identifier in case.imports.items():
        directory.reimport(address, identifier.format(**directory.attributes(address)))
    _plan(directory, case.import_drift or case.drift)


def _generate(case: Case, directory: WorkingDirectory) -> None:
    header = (case.folder / "after.tf").read_text().split("\nresource ")[0]
    identifiers = {
        address: case.imports[address].format(**directory.attributes(address)) for address in case.generates
    }
    generated = directory.import_with_generated_configuration(header, identifiers)
    if changes := generated.changes():
        raise StepFailed(f"the plan with the generated configuration changes {changes}")


def _move(case: Case, directory: WorkingDirectory) -> None:
    directory.configure(case.folder / "moved.tf")
    _plan(directory, {})
    directory.apply()


def _delete(case: Case, directory: WorkingDirectory, namespace: Namespace) -> None:
    for address, path in case.external_delete.items():
        namespace.delete(path.format(**directory.attributes(address)))
    changes = directory.changes()
    for address in case.external_delete:
        if changes.get(address) != CREATED:
            raise StepFailed(f"{address} was deleted, but the plan changes {changes}")
    _apply(case.folder / "after.tf", directory, namespace)


def _destroy(case: Case, directory: WorkingDirectory, namespace: Namespace) -> None:
    paths = list(directory.output("expected_responses"))
    directory.destroy()
    if not directory.is_empty():
        raise StepFailed("the state still contains resources")
    for path in [] if case.survives_destroy else paths:
        status, body = namespace.get(path)
        if status != 404:
            raise StepFailed(f"after destroy, GET {path} returned {status} {body}")


def _contains(found: object, expected: object) -> bool:
    """Returns whether `found` has all fields of `expected`; lists must have the same length, and match by item."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            name in found and _contains(found[name], value) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(_contains, found, expected))
    return found == expected
