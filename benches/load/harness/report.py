"""docs/performance.md: the section between each pair of markers is generated."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from harness import paths
from harness.errors import HarnessError


@dataclass(frozen=True)
class Section:
    """A section of the document, and the failures of the server that it found."""

    text: str
    failures: list[str] = field(default_factory=list)


def write(name: str, text: str) -> None:
    """Replaces the text between the markers of the section."""
    old = paths.DOCUMENT.read_text()
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in old or end not in old:
        raise HarnessError(f"{paths.DOCUMENT.name} has no section `{name}`")
    before, rest = old.split(begin, 1)
    after = rest.split(end, 1)[1]
    paths.DOCUMENT.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}")


def table(header: list[str], rows: list[list[str]]) -> str:
    """Returns a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def thousands(value: float) -> str:
    """Formats a rate; from 1,000 on in thousands."""
    if value >= 10_000:
        return f"{value / 1000:.1f}k"
    return f"{value / 1000:.2f}k" if value >= 1_000 else f"{value:.0f}"


def milliseconds(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def verdict(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def machine() -> str:
    """Returns the hardware and the versions of the measurement, without the name of the machine."""
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
    """Returns the version of a package in Cargo.lock."""
    match = re.search(rf'name = "{package}"\nversion = "([^"]+)"', read(paths.ROOT / "Cargo.lock"))
    return match[1] if match else "?"


def commit() -> str:
    found = first_line(["git", "describe", "--always", "--dirty"])
    return f" ({found})" if found else ""


def wrk_version() -> str:
    match = re.search(r"wrk \S*?(\d+\.\d+\.\d+)", first_line([paths.wrk(), "--version"]))
    return f"wrk {match[1]}" if match else "wrk"


def first_line(command: list[str]) -> str:
    found = subprocess.run(command, cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return (found.stdout.splitlines() or [""])[0]


def read(path: str | Path) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
