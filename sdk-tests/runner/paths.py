"""Paths inside the repository."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
REPOSITORY = TESTS.parent
CACHE = TESTS / ".cache"
PAGE = REPOSITORY / "docs" / "clients.md"
