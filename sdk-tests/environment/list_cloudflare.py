"""Lists groups with a client that is configured by the environment only."""

import os

import cloudflare

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
tls_url = os.environ.get("AGM_TLS_URL")

client = cloudflare.Cloudflare(**({"base_url": f"{tls_url}/client/v4"} if tls_url else {}))
list(client.zero_trust.access.groups.list(account_id=ACCOUNT))
