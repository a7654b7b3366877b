"""Lists groups five times with a client that is configured by the environment only."""

import os

from ibm_platform_services import IamAccessGroupsV2

tls_url = os.environ.get("AGM_TLS_URL")

service = IamAccessGroupsV2.new_instance()
if tls_url:
    service.set_service_url(tls_url)
for _ in range(5):
    service.list_access_groups(account_id="acct1")
