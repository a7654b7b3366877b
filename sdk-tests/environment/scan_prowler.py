"""Scans the zones of the seed with a program that is configured by the environment only."""

import subprocess
import sys
from pathlib import Path

from endpoints import use_tls_url

use_tls_url()
program = Path(sys.executable).with_name("prowler")
command = [program, "cloudflare", "--no-banner", "--ignore-exit-code-3", "--checks", "zone_development_mode_disabled",
           "--output-formats", "json-ocsf", "--output-directory", ".", "--output-filename", "scan"]
sys.exit(subprocess.run(command).returncode)
