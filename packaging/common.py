"""The targets of a release, and what its scripts share."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "access-groups-mock"
VERSION: str = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
LICENSES = ["LICENSE-APACHE", "LICENSE-MIT", "THIRD_PARTY_NOTICES.txt"]

# The packages of a release, and below it the folders in which they are made and the tools.
OUTPUT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "packages"
WORK = OUTPUT / "work"


@dataclass(frozen=True)
class Target:
    """A platform: its target in Rust, the platform tags of its wheel, and its names in npm."""

    rust: str
    wheel: str
    node_os: str
    node_cpu: str

    @property
    def file_name(self) -> str:
        return f"{NAME}.exe" if self.node_os == "win32" else NAME

    @property
    def npm_name(self) -> str:
        return f"@{NAME}/{self.node_os}-{self.node_cpu}"


# The binaries for Linux are static, so that they run with every C library.
TARGETS = {
    target.rust: target
    for target in [
        Target("x86_64-unknown-linux-musl", "manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_1_x86_64", "linux", "x64"),
        Target("aarch64-unknown-linux-musl", "manylinux2014_aarch64.manylinux_2_17_aarch64.musllinux_1_1_aarch64", "linux", "arm64"),
        Target("x86_64-apple-darwin", "macosx_10_12_x86_64", "darwin", "x64"),
        Target("aarch64-apple-darwin", "macosx_11_0_arm64", "darwin", "arm64"),
        Target("x86_64-pc-windows-msvc", "win_amd64", "win32", "x64"),
    ]
}


def run(*command: str | Path, folder: Path = ROOT, env: dict[str, str] | None = None, stdin: Path | None = None) -> None:
    """Runs a command, and exits if it fails."""
    print("+", *command, flush=True)
    # On Windows the path of a command such as npm is that of a script, `npm.cmd`.
    program = shutil.which(command[0], path=(env or {}).get("PATH")) or command[0]
    words = [str(word) for word in [program, *command[1:]]]
    with open(stdin or os.devnull) as source:
        done = subprocess.run(words, cwd=folder, env=os.environ | (env or {}), stdin=source)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed with exit code {done.returncode}")


def tool(name: str) -> Path:
    """Returns the path of a tool of requirements.txt, which are installed into a virtual environment."""
    environment = WORK / "tools"
    marker = environment / "requirements.txt"
    wanted = (ROOT / "packaging" / "requirements.txt").read_text()
    if not marker.exists() or marker.read_text() != wanted:
        run(sys.executable, "-m", "venv", environment)
        run(scripts(environment) / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "packaging/requirements.txt")
        marker.write_text(wanted)
    return scripts(environment) / name


def scripts(environment: Path) -> Path:
    """Returns the folder of a virtual environment with the programs."""
    return environment / ("Scripts" if sys.platform == "win32" else "bin")


def host() -> Target:
    """Returns the target of this machine."""
    version = subprocess.run(["rustc", "--version", "--verbose"], check=True, capture_output=True, text=True).stdout
    triple = next(line.removeprefix("host: ") for line in version.splitlines() if line.startswith("host: "))
    return TARGETS[triple.replace("-gnu", "-musl")]


def check_versions() -> None:
    """Exits with an error if a package has another version than the crate; that of the wheel is the crate's."""
    others = {
        "clients/node/package.json": json.loads((ROOT / "clients/node/package.json").read_text())["version"],
        "clients/java/pom.xml": re.findall(r"<version>(.*?)</version>", (ROOT / "clients/java/pom.xml").read_text())[0],
    }
    for file, version in others.items():
        if version != VERSION:
            sys.exit(f"{file} has the version {version}, Cargo.toml {VERSION}")
