"""Where things are."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
REPOSITORY = FOLDER.parent.parent
CACHE = FOLDER.parent / ".cache"
WORK = CACHE / "terraform"
