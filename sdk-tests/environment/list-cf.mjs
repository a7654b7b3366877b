// Lists groups with Cloudflare's CLI.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const { AGM_TLS_URL, NODE_PACKAGES } = process.env;
const env = { ...process.env, CF_HIDE_COMMANDS: 'false', CLOUDFLARE_ACCOUNT_ID: '023e105f4ecef8ad9ca31a8372d0c353' };
if (AGM_TLS_URL) env.CLOUDFLARE_BASE_URL = `${AGM_TLS_URL}/client/v4`;

const program = join(NODE_PACKAGES, 'node_modules', 'cf', 'bin', 'cf');
const { status } = spawnSync(process.execPath, [program, 'zero-trust', 'access', 'groups-list'], { env, stdio: 'inherit' });
process.exitCode = status ?? 1;
