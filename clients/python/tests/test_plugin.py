"""Tests of the pytest plugin, which run pytest in a separate session."""

from __future__ import annotations

from pathlib import Path

import pytest

PLUGIN = ["-p", "access_groups_mock.pytest_plugin"]
ROOT = Path(__file__).resolve().parents[3]

LIST_GROUPS = """
    import urllib.request

    def list_groups(mock):
        url = mock.urls.cloudflare + "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups"
        request = urllib.request.Request(url, headers={"Authorization": "Bearer any"})
        return urllib.request.urlopen(request).read()
"""


def test_each_test_has_its_own_namespace_on_one_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LIST_GROUPS
        + """
    import pytest

    used = set()

    @pytest.mark.parametrize("round", [1, 2])
    def test_it(access_groups_mock, access_groups_namespace, round):
        list_groups(access_groups_namespace)
        assert access_groups_namespace.admin.count() == 1
        assert access_groups_namespace.name.startswith("test_each")
        used.add((access_groups_mock.pid, access_groups_namespace.name))

    def test_after(access_groups_mock):
        assert len(used) == 2 and {pid for pid, _ in used} == {access_groups_mock.pid}
        remaining = access_groups_mock.admin.call("GET", "/namespaces")["namespaces"]
        assert [namespace["name"] for namespace in remaining] == ["default"]
"""
    )

    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=3)


def test_report_of_a_failed_test_shows_its_requests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LIST_GROUPS
        + """
    import pytest

    @pytest.fixture
    def ready(access_groups_namespace):
        return access_groups_namespace

    def test_good(ready):
        list_groups(ready)

    def test_bad(ready):
        list_groups(ready)
        urllib.request.urlopen(ready.url + "/nothing")
"""
    )

    result = pytester.runpytest_inprocess(*PLUGIN)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*access-groups-mock: requests to http://127.0.0.1:*/ns/*test_bad-*",
            "GET /client/v4/accounts/*/access/groups -> 200",
            "    response {*",
            "GET /nothing -> 404",
            "    rule *",
        ]
    )
    assert "test_good-" not in result.stdout.str()


def test_seed_and_arguments_are_read_from_the_ini_file(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("data.json").write_text((ROOT / "seeds" / "demo.json").read_text())
    pytester.makeini(
        """
        [pytest]
        access_groups_mock_seed = data.json
        access_groups_mock_args = --clock frozen@2031-01-01T00:00:00Z
        """
    )
    pytester.makepyfile(
        LIST_GROUPS
        + """
    def test_it(access_groups_namespace):
        assert b"Allow devs" in list_groups(access_groups_namespace)
        assert access_groups_namespace.admin.clock()["now"].startswith("2031-01-01T00:00:00")
"""
    )

    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=1)


def test_command_line_takes_precedence_over_the_ini_file(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naccess_groups_mock_args = --no-such-flag\n")
    pytester.makepyfile("def test_it(access_groups_namespace): access_groups_namespace.admin.state()")
    options = ["--access-groups-mock-args=--auth off", f"--access-groups-mock-seed={ROOT}/seeds/demo.json"]

    pytester.runpytest_inprocess(*PLUGIN, *options).assert_outcomes(passed=1)
    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(errors=1)


def test_xdist_workers_have_separate_servers(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    pytester.makepyfile(
        LIST_GROUPS
        + """
    import pytest

    @pytest.mark.parametrize("round", range(20))
    def test_it(access_groups_namespace, round):
        list_groups(access_groups_namespace)
        assert access_groups_namespace.admin.count() == 1
"""
    )

    pytester.runpytest_subprocess(*PLUGIN, "-n2").assert_outcomes(passed=20)
