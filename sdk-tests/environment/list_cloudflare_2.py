"""Lists groups with the dynamic client of 2019, configured by the environment only."""

import os

import CloudFlare

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
tls_url = os.environ.get("AGM_TLS_URL")

client = CloudFlare.CloudFlare(**({"base_url": f"{tls_url}/client/v4"} if tls_url else {}))
client.accounts.access.groups.get(ACCOUNT)
