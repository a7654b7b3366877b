"""Removes from the sources of a module the modules inside it, which its archive in the module proxy does not contain."""

import re
import shutil
from pathlib import Path


def copy_without_submodules(original: Path, copy: Path, using_file: str) -> None:
    """Copies the sources without the requirements of such modules, and without their use in `using_file`.

    Terraform's backends of remote states are modules of their own, of which go.mod says that they are in folders of
    the repository. `using_file` imports each under a name, and uses it in one line.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(original, copy)
    lines = (copy / "go.mod").read_text().splitlines(keepends=True)
    replaced = [re.match(r"replace (\S+) => (\./\S+)", line) for line in lines]
    missing = {found[1] for found in replaced if found and not (copy / found[2] / "go.mod").exists()}
    (copy / "go.mod").write_text("".join(line for line in lines if missing.isdisjoint(line.split())))
    source = (copy / using_file).read_text()
    names = [name for name, path in re.findall(r"^\t(\w+) \"(\S+)\"$", source, re.MULTILINE) if path in missing]
    unwanted = re.compile(rf"\b({'|'.join(names)})\b")
    kept = [line for line in source.splitlines(keepends=True) if not unwanted.search(line)]
    (copy / using_file).write_text("".join(kept))
