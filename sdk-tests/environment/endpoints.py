"""The URLs of `exec`, with https if it was started with --tls."""

import os


def use_tls_url() -> None:
    """Replaces the URL of the server by its https URL, in all variables that start with it; without --tls, nothing."""
    url, tls_url = os.environ["AGM_URL"], os.environ.get("AGM_TLS_URL")
    for name, value in list(os.environ.items()):
        if tls_url and name != "AGM_URL" and value.startswith(url):
            os.environ[name] = tls_url + value.removeprefix(url)
