"""The metrics of the server, read by the parser of Prometheus' own client."""

from __future__ import annotations

import urllib.request

import access_groups_mock as agm
from prometheus_client.parser import text_string_to_metric_families

from test_client import create_group, send


def test_metrics_are_in_the_format_of_prometheus(access_groups_mock: agm.Server) -> None:
    with access_groups_mock.namespace("metrics") as mock:
        before = scrape(access_groups_mock.url)
        assert create_group(mock, "counted")[0] == 201
        assert send(mock, "GET", f"{mock.urls.cloudflare}/nowhere")[0] in (400, 404)
        after = scrape(access_groups_mock.url)

    created = ("access_groups_mock_requests_total", "cloudflare", "cloudflare_create_access_group", "2xx")
    rejected = ("access_groups_mock_rule_hits_total", "cloudflare", "cloudflare.paths.not-found")
    assert after[created] - before.get(created, 0) == 1
    assert after[rejected] - before.get(rejected, 0) == 1


def scrape(url: str) -> dict[tuple[str, ...], float]:
    """Returns the value of each series by its name and its labels, in the order of the text."""
    with urllib.request.urlopen(f"{url}/__admin/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = response.read().decode()
    families = list(text_string_to_metric_families(text))
    assert {family.type for family in families} == {"counter", "gauge"}
    assert all(family.documentation for family in families)
    samples = [sample for family in families for sample in family.samples]
    series = {(sample.name, *sample.labels.values()): sample.value for sample in samples}
    assert len(series) == len(samples), "a series is not repeated"
    assert len(samples) == sum(not line.startswith("#") for line in text.splitlines())
    return series
