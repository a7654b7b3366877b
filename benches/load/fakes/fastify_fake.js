// A fake of the access-group API, optimized for speed. GROUPS is the path of a JSON file with the initial groups.
const { randomUUID } = require('node:crypto');
const { readFileSync } = require('node:fs');
const fastify = require('fastify');

// The groups in order of creation, and by id.
const ordered = JSON.parse(readFileSync(process.env.GROUPS));
const groups = new Map(ordered.map((group) => [group.id, group]));
const envelope = (result, more) => ({ errors: [], messages: [], result, success: true, ...more });

const app = fastify({ logger: false });
const rules = { type: 'array', items: { type: 'object' } };
const newGroup = {
  type: 'object',
  required: ['name', 'include'],
  properties: { name: { type: 'string' }, include: rules, exclude: rules, require: rules },
};

app.get('/accounts/:account/access/groups', async (request) => {
  const page = Number(request.query.page ?? 1);
  const perPage = Number(request.query.per_page ?? 20);
  const info = { page, per_page: perPage, total_count: ordered.length };
  return envelope(ordered.slice((page - 1) * perPage, page * perPage), { result_info: info });
});

app.post('/accounts/:account/access/groups', { schema: { body: newGroup } }, async (request, reply) => {
  const { name, include, exclude = [], require: required = [] } = request.body;
  const id = randomUUID();
  const now = new Date().toISOString();
  const group = {
    id, uid: id, is_default: [], name, include, exclude, require: required, created_at: now, updated_at: now,
  };
  groups.set(id, group);
  ordered.push(group);
  reply.code(201);
  return envelope(group);
});

app.get('/accounts/:account/access/groups/:id', async (request, reply) => {
  const group = groups.get(request.params.id);
  if (!group) reply.code(404);
  return group ? envelope(group) : { success: false, errors: [] };
});

app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
