"""Applies and destroys a configuration with a provider that is configured by the environment only.

A provider with a hard-coded host, which is in TLS_HOST, is redirected by a proxy.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from endpoints import use_tls_url  # noqa: E402
from runner.tls_proxy import TlsProxy  # noqa: E402


def main() -> None:
    use_tls_url()
    source, provider = os.environ["PROVIDER_SOURCE"], Path(os.environ["PROVIDER"])
    settings = Path("settings.tfrc").resolve()
    settings.write_text(
        "provider_installation {\n"
        f"  dev_overrides {{ {json.dumps(source)} = {json.dumps(str(provider.parent))} }}\n"
        "  direct {}\n"
        "}\n"
    )
    shutil.copy(os.environ["CONFIGURATION"], "main.tf")
    with proxy_env() as proxy:
        env = os.environ | proxy | {"TF_CLI_CONFIG_FILE": str(settings), "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
        for command in ("apply", "destroy"):
            subprocess.run([os.environ["TERRAFORM"], command, "-auto-approve", "-no-color"], env=env, check=True)


@contextlib.contextmanager
def proxy_env():
    """Yields the variables of the proxy, if the provider needs one."""
    host = os.environ.get("TLS_HOST")
    if not host:
        yield {}
        return
    with TlsProxy({host: os.environ["AGM_URL"]}, Path("tls-proxy").resolve()) as proxy:
        yield proxy.env


main()
