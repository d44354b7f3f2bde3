with job as (
  select coalesce(
    (select i.job_id from darkroom.batch_item i where i.job_id = darkroom.uuid_of($1)),
    (select i.job_id from darkroom.batch_item i where i.url = $1 order by i.job_id limit 1),
    (select darkroom.uuid_of(g.id) from public."GeneratedImage" g
      where g.id = $1 or g.url = $1 order by g.id = $1 desc limit 1),
    darkroom.uuid_of($1)) as id
), row as (
  select to_jsonb(g) || jsonb_build_object('metadata', darkroom.detail_of(g.id, g.metadata),
         'createdAt', to_char(g."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    as image,
         g."projectId"
    from public."GeneratedImage" g, job
   where g.id = $1 or g.url = $1 or g.id = job.id::text order by g.id = $1 desc limit 1
), candidate as (
  select i.* from darkroom.batch_item i, job where i.job_id = job.id
)
select json_build_object('job', (select id from job),
  'image', (select image from row),
  'item', (select json_build_object('batch', c.batch_id, 'item', c.item, 'variant', c.variant,
      'source', c.source_id, 'project', c.project_id, 'user', c.user_id, 'type', c.type,
      'style', c.style, 'model', c.model, 'quality', c.quality, 'credits', c.credits,
      'state', c.state, 'message', c.error, 'url', c.url, 'width', c.width, 'height', c.height,
      'bytes', c.size, 'metadata', c.metadata, 'decision', c.decision,
      'decidedAt', to_char(c.decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'decidedBy', c.decided_by, 'replaced', c.replaced) from candidate c),
  'project', (select json_build_object('id', p.id, 'user', p."userId", 'product', p."productName",
                'description', p.description, 'category', p."productCategory",
                'status', p.status::text, 'photo', (select x.url from public."ProjectImage" x
                  where x."projectId" = p.id order by x."order", x."createdAt", x.id limit 1))
                from public."Project" p
               where p.id = coalesce((select "projectId" from row),
                                     (select project_id from candidate))),
  'queue', (select json_build_object('type', q.job_type, 'status', q.status, 'payload', q.payload,
              'message', q.error_message, 'created',
              to_char(q.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
              from public.job_queue q, job where q.id = job.id),
  'calls', (select coalesce(json_agg(json_build_object('step', a.step, 'call', a.call_index,
      'provider', a.provider, 'model', a.model, 'outcome', coalesce(a.outcome, 'not known'),
      'http', a.http_status, 'ms', a.ms, 'usd', a.cost_microusd / 1e6, 'usage', a.usage,
      'requestId', a.request_id, 'request', a.request,
      'sent', to_char(a.sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'message', a.error) order by a.id), '[]') from darkroom.model_call a, job
        where a.job_id = job.id))
 where exists (select 1 from row) or exists (select 1 from candidate)
    or exists (select 1 from public.job_queue q, job where q.id = job.id)
