"""Test results, read from the reports of each language's test runner."""

import json
import re
import xml.etree.ElementTree as xml
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Outcome(Enum):
    """The outcome of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass
class Test:
    """The result of one test; the reason is given if it did not pass."""

    name: str
    outcome: Outcome
    reason: str = ""


def from_junit(paths: Iterable[Path]) -> list[Test]:
    """Reads JUnit reports, as written by pytest, Node, Maven and Ginkgo."""
    return [_parse_case(case) for path in paths for case in xml.parse(path).iter("testcase")]


def _parse_case(case: xml.Element) -> Test:
    # The class name distinguishes tests of the same name. Node uses the class name `test` for all tests.
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
    outputs: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("{"):
            continue
        event = json.loads(line)
        name = event.get("Test") or f"package {event.get('Package') or event.get('ImportPath')}"
        action = event.get("Action")
        if action in ("output", "build-output"):
            outputs.setdefault(name, []).append(event["Output"].strip())
        elif action in ("pass", "fail", "skip") and (event.get("Test") or action == "fail"):
            outcome = {"pass": Outcome.PASSED, "fail": Outcome.FAILED, "skip": Outcome.SKIPPED}[action]
            tests[name] = Test(name, outcome, _go_reason(outputs.get(name, [])))
    has_failed_test = any(test.outcome is Outcome.FAILED and "package " not in test.name for test in tests.values())
    # A package fails if one of its tests fails; its own failure is reported only if no failed test explains it.
    return [test for test in tests.values() if not (has_failed_test and test.name.startswith("package "))]


def _go_reason(lines: list[str]) -> str:
    """Returns the output of a test without the lines of the test framework."""
    frames = ("=== ", "--- ", "FAIL", "ok ")
    return " ".join(line for line in lines if line and not line.startswith(frames))


def from_cargo(output: str) -> list[Test]:
    """Reads the output of `cargo test`."""
    tests = []
    for name, word in re.findall(r"^test (\S+) \.\.\. (ok|FAILED|ignored)", output, re.MULTILINE):
        outcome = {"ok": Outcome.PASSED, "FAILED": Outcome.FAILED, "ignored": Outcome.SKIPPED}[word]
        reason = re.search(rf"^---- {re.escape(name)} stdout ----\n(.*?)\n\n", output, re.MULTILINE | re.DOTALL)
        tests.append(Test(name, outcome, reason.group(1) if reason else ""))
    return tests


def from_jest(path: Path) -> list[Test]:
    """Reads the report of `jest --json`."""
    outcomes = {"passed": Outcome.PASSED, "failed": Outcome.FAILED}
    results = json.loads(path.read_text())["testResults"]
    return [
        Test(case["fullName"], outcomes.get(case["status"], Outcome.SKIPPED), "\n".join(case["failureMessages"]))
        for result in results for case in result["assertionResults"]
    ]
