"""The pytest plugin: one server per session, a namespace for each test, and the requests of failed tests in reports."""

from __future__ import annotations

import shlex
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from ._admin import AdminError
from ._server import Namespace, Server, start

_NAMESPACE = pytest.StashKey[Namespace]()

_ARGS_HELP = "additional arguments of the access-groups-mock server, such as --explain"
_SEED_HELP = "the seed file of the access-groups-mock server"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the command line options and the ini options."""
    group = parser.getgroup("access-groups-mock")
    group.addoption("--access-groups-mock-args", metavar="ARGS", help=_ARGS_HELP)
    group.addoption("--access-groups-mock-seed", metavar="FILE", help=_SEED_HELP)
    parser.addini("access_groups_mock_args", _ARGS_HELP, type="args")
    parser.addini("access_groups_mock_seed", _SEED_HELP + ", relative to the ini file", type="paths")


@pytest.fixture(scope="session")
def access_groups_mock(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A server for the session; with pytest-xdist, one for each worker."""
    with start(*_args(pytestconfig), seed=_seed(pytestconfig)) as server:
        yield server


@pytest.fixture
def access_groups_namespace(access_groups_mock: Server, request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """A namespace for the test, with its own URLs, state, journal, faults and clock."""
    with access_groups_mock.namespace(request.node.nodeid) as namespace:
        request.node.stash[_NAMESPACE] = namespace
        yield namespace


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Adds the requests and responses of a failed test to its report."""
    report = (yield).get_result()
    namespace = item.stash.get(_NAMESPACE, None)
    # In the teardown phase the namespace has already been deleted.
    if report.failed and report.when != "teardown" and namespace is not None:
        report.sections.append((f"access-groups-mock: requests to {namespace.url}", _transcript(namespace)))


def _transcript(namespace: Namespace) -> str:
    try:
        return namespace.admin.transcript() or "(no requests)"
    except AdminError as error:
        return str(error)


def _args(config: pytest.Config) -> list[str]:
    args = config.getoption("access_groups_mock_args")
    return shlex.split(args) if args is not None else config.getini("access_groups_mock_args")


def _seed(config: pytest.Config) -> str | None:
    seed = config.getoption("access_groups_mock_seed")
    if seed is not None:
        return str(config.invocation_params.dir / seed)
    paths = config.getini("access_groups_mock_seed")
    return str(paths[0]) if paths else None
