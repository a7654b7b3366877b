"""Lists groups with the URL of the environment, which the client itself does not read."""

import os

from ibm_watsonx_data_integration.common.auth import BearerTokenAuthenticator
from ibm_watsonx_data_integration.cpd_api.access_groups_api import AccessGroupsApiClient

url = os.environ.get("AGM_TLS_URL") or os.environ["AGM_URL"]
client = AccessGroupsApiClient(BearerTokenAuthenticator("any"), url)
client.get_all_access_groups({"account_id": "acct1"}).raise_for_status()
