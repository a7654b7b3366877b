"""What the tests of a client came to, read from the reports of each language's own test runner."""

import json
import re
import xml.etree.ElementTree as xml
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Outcome(Enum):
    """What a test came to."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass
class Test:
    """One test, with the reason where it did not pass."""

    name: str
    outcome: Outcome
    reason: str = ""


def from_junit(paths: Iterable[Path]) -> list[Test]:
    """Reads JUnit reports, as pytest, Node and Jest write them."""
    return [_of_case(case) for path in paths for case in xml.parse(path).iter("testcase")]


def _of_case(case: xml.Element) -> Test:
    # Node calls every class `test`; the others' last part tells tests of the same name apart.
    group = case.get("classname", "").split(".")[-1]
    name = case.get("name", "") if group in ("", "test") else f"{group}.{case.get('name')}"
    for tag in ("failure", "error"):
        if (found := case.find(tag)) is not None:
            return Test(name, Outcome.FAILED, found.get("message") or (found.text or "").strip())
    if (found := case.find("skipped")) is not None:
        return Test(name, Outcome.SKIPPED, found.get("message") or (found.text or "").strip())
    return Test(name, Outcome.PASSED)


def from_go(lines: Iterable[str]) -> list[Test]:
    """Reads the events of `go test -json`; a package that does not build counts as one failed test."""
    tests: dict[str, Test] = {}
    said: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("{"):
            continue
        event = json.loads(line)
        name = event.get("Test") or f"package {event.get('Package') or event.get('ImportPath')}"
        action = event.get("Action")
        if action in ("output", "build-output"):
            said.setdefault(name, []).append(event["Output"].strip())
        elif action in ("pass", "fail", "skip") and (event.get("Test") or action == "fail"):
            outcome = {"pass": Outcome.PASSED, "fail": Outcome.FAILED, "skip": Outcome.SKIPPED}[action]
            tests[name] = Test(name, outcome, _said_in_go(said.get(name, [])))
    has_failed_test = any(test.outcome is Outcome.FAILED and "package " not in test.name for test in tests.values())
    # A package fails with its tests; it is worth a line of its own only when none of them says why.
    return [test for test in tests.values() if not (has_failed_test and test.name.startswith("package "))]


def _said_in_go(lines: list[str]) -> str:
    frames = ("=== ", "--- ", "FAIL", "ok ")
    return " ".join(line for line in lines if line and not line.startswith(frames))


def from_cargo(text: str) -> list[Test]:
    """Reads what `cargo test` prints."""
    tests = []
    for name, word in re.findall(r"^test (\S+) \.\.\. (ok|FAILED|ignored)", text, re.MULTILINE):
        outcome = {"ok": Outcome.PASSED, "FAILED": Outcome.FAILED, "ignored": Outcome.SKIPPED}[word]
        reason = re.search(rf"^---- {re.escape(name)} stdout ----\n(.*?)\n\n", text, re.MULTILINE | re.DOTALL)
        tests.append(Test(name, outcome, reason.group(1) if reason else ""))
    return tests


def from_jest(path: Path) -> list[Test]:
    """Reads what `jest --json` writes."""
    outcomes = {"passed": Outcome.PASSED, "failed": Outcome.FAILED}
    results = json.loads(path.read_text())["testResults"]
    return [
        Test(case["fullName"], outcomes.get(case["status"], Outcome.SKIPPED), "\n".join(case["failureMessages"]))
        for result in results for case in result["assertionResults"]
    ]
