"""docs/performance.md: each section stands between two markers and is rewritten by itself."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from harness import places
from harness.failure import Failure


@dataclass(frozen=True)
class Section:
    """A section of the document, and what is wrong with the server by it."""

    text: str
    faults: list[str] = field(default_factory=list)


def write(name: str, text: str) -> None:
    """Puts `text` between the markers of the section."""
    old = places.DOCUMENT.read_text()
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in old or end not in old:
        raise Failure(f"{places.DOCUMENT.name} has no section `{name}`")
    before, rest = old.split(begin, 1)
    after = rest.split(end, 1)[1]
    places.DOCUMENT.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def thousands(value: float) -> str:
    """A rate: whole, or in thousands where that says enough."""
    if value >= 10_000:
        return f"{value / 1000:.1f}k"
    return f"{value / 1000:.2f}k" if value >= 1_000 else f"{value:.0f}"


def milliseconds(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def verdict(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def machine() -> str:
    """What the figures were measured on and with; nothing that names the machine itself."""
    parts = [
        f"{processor()}, {os.cpu_count()} CPUs, {memory_gb():.0f} GB, {platform.system()} {platform.release()}",
        first_line(["rustc", "--version"]).split(" (")[0],
        f"access-groups-mock {version('access-groups-mock')}{commit()}",
        f"axum {version('axum')}",
        wrk_version(),
    ]
    return "Measured on " + "; ".join(part for part in parts if part) + "."


def processor() -> str:
    match = re.search(r"^model name\s*: (.*)$", read("/proc/cpuinfo"), re.MULTILINE)
    return match[1].strip() if match else platform.machine()


def memory_gb() -> float:
    match = re.search(r"^MemTotal:\s+(\d+) kB$", read("/proc/meminfo"), re.MULTILINE)
    return int(match[1]) / 1024 / 1024 if match else 0


def version(package: str) -> str:
    """The version of a package in Cargo.lock."""
    match = re.search(rf'name = "{package}"\nversion = "([^"]+)"', read(places.ROOT / "Cargo.lock"))
    return match[1] if match else "?"


def commit() -> str:
    found = first_line(["git", "describe", "--always", "--dirty"])
    return f" ({found})" if found else ""


def wrk_version() -> str:
    match = re.search(r"wrk \S*?(\d+\.\d+\.\d+)", first_line([places.wrk(), "--version"]))
    return f"wrk {match[1]}" if match else "wrk"


def first_line(command: list[str]) -> str:
    found = subprocess.run(command, cwd=places.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return (found.stdout.splitlines() or [""])[0]


def read(path: str | Path) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
