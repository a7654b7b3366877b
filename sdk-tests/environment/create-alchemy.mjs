// Creates a group with alchemy.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { AGM_TLS_URL, NODE_PACKAGES } = process.env;
const RESOURCES = JSON.stringify([{ kind: 'AccessGroup', id: 'devs', name: 'devs', include: [{ everyone: {} }] }]);
const account = { ALCHEMY_CI_STATE_STORE_CHECK: 'false', CLOUDFLARE_ACCOUNT_ID: '023e105f4ecef8ad9ca31a8372d0c353' };
const env = { ...process.env, ...account, RESOURCES };
if (AGM_TLS_URL) env.CLOUDFLARE_BASE_URL = `${AGM_TLS_URL}/client/v4`;

// The packages are found in a folder above the program.
const folder = join(NODE_PACKAGES, 'programs', 'environment');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
copyFileSync(new URL('../node-alchemy/program.mjs', import.meta.url), join(folder, 'program.mjs'));
const { status } = spawnSync(process.execPath, ['program.mjs'], { cwd: folder, env, stdio: 'inherit' });
process.exitCode = status ?? 1;
