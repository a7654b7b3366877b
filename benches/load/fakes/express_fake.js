// A typical fake of the access-group API for tests. GROUPS is the path of a JSON file with the initial groups.
const { randomUUID } = require('node:crypto');
const { readFileSync } = require('node:fs');
const express = require('express');

const groups = new Map(JSON.parse(readFileSync(process.env.GROUPS)).map((group) => [group.id, group]));
const envelope = (result, more) => ({ errors: [], messages: [], result, success: true, ...more });

const app = express();
app.use(express.json());

app.get('/accounts/:account/access/groups', (request, response) => {
  const page = Number(request.query.page ?? 1);
  const perPage = Number(request.query.per_page ?? 20);
  const found = [...groups.values()];
  const info = { page, per_page: perPage, total_count: found.length };
  response.json(envelope(found.slice((page - 1) * perPage, page * perPage), { result_info: info }));
});

app.post('/accounts/:account/access/groups', (request, response) => {
  const { name, include, exclude = [], require: required = [] } = request.body ?? {};
  if (typeof name !== 'string' || !Array.isArray(include)) {
    return response.status(400).json({ success: false, errors: [{ code: 12130, message: 'invalid' }] });
  }
  const id = randomUUID();
  const now = new Date().toISOString();
  const group = {
    id, uid: id, is_default: [], name, include, exclude, require: required, created_at: now, updated_at: now,
  };
  groups.set(id, group);
  return response.status(201).json(envelope(group));
});

app.get('/accounts/:account/access/groups/:id', (request, response) => {
  const group = groups.get(request.params.id);
  return group ? response.json(envelope(group)) : response.status(404).json({ success: false, errors: [] });
});

app.listen(Number(process.argv[2]), '127.0.0.1');
