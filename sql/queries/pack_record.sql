-- Returns all data of a project ($1) as one object, for its album and --json. Of jobs that were
-- repeated, only the last one counts.
with credit as ( -- of this project only: the seller may have others
  select t.* from public."CreditTransaction" t
   where t.id in ($1::text || '-bought', $1::text || '-charged')
      or t.metadata->>'jobId' in (select q.id::text from public.job_queue q
                                   where q.payload->>'projectId' = $1)
), j as (
  select distinct on (q.job_type, q.payload->>'imageType', q.payload->>'module', q.payload->>'slot')
         q.*, q.payload->>'imageType' as image, (q.payload->>'module')::int as module,
         (q.payload->>'slot')::int as slot,
         coalesce(array_position(enum_range(null::"ImageType")::text[], q.payload->>'imageType'),
                  case q.job_type when 'generate-complete-pack' then 0 else 6.5 end) as place
    from public.job_queue q where q.payload->>'projectId' = $1
   order by q.job_type, q.payload->>'imageType', q.payload->>'module', q.payload->>'slot',
            q.created_at desc
)
select json_build_object(
  'project', (select json_build_object('id', p.id, 'name', p.name, 'productName', p."productName",
      'category', p."productCategory", 'description', p.description, 'status', p.status,
      'brand', (select json_build_object('name', b.name, 'primary', b."primaryColor",
                   'accent', b."accentColor") from public."BrandKit" b where b.id = p."brandKitId"))
      from public."Project" p where p.id = $1),
  'jobs', (select coalesce(json_agg(json_build_object('id', j.id, 'type', j.job_type,
      'image', j.image, 'module', j.module, 'slot', j.slot, 'status', j.status,
      'retries', j.retry_count, 'message', j.error_message,
      'waited', round(extract(epoch from j.processed_at - j.created_at)::numeric, 3),
      'seconds', round(extract(epoch from j.completed_at - j.processed_at)::numeric, 3),
      'calls', (select coalesce(json_agg(json_build_object('step', a.step, 'call', a.call_index,
          'provider', a.provider, 'model', a.model, 'outcome', coalesce(a.outcome, 'not known'),
          'ms', a.ms, 'usd', a.cost_microusd / 1e6) order by a.id), '[]')
          from darkroom.model_call a where a.job_id = j.id),
      'rejections', (select coalesce(json_agg(json_build_object('call', r.call_id,
          'check', r.check_name, 'message', r.message, 'measured', r.measured,
          'limit', r.limit_value,
          'picture', replace(encode(r.picture, 'base64'), E'\n', '')) order by r.call_id), '[]')
          from (select * from darkroom.rejection x where x.job_id = j.id
                 order by x.call_id desc limit 3) r))
      order by j.place, j.module, j.slot, j.created_at), '[]') from j),
  'images', (select coalesce(json_agg(json_build_object('job', j.id, 'type', g.type,
      'style', g.style, 'module', j.module, 'slot', j.slot, 'url', g.url, 'width', g.width,
      'height', g.height, 'bytes', g.size, 'metadata', darkroom.detail_of(g.id, g.metadata))
      order by j.place, j.module, j.slot), '[]')
      from public."GeneratedImage" g join j on j.id::text = g.id),
  'aplus', (select json_build_object('premium', c."isPremium", 'modules', c.modules)
              from public."APlusContent" c where c."projectId" = $1),
  'ledger', (select coalesce(json_agg(json_build_object('amount', t.amount, 'type', t.type,
      'description', t.description, 'balance', t.balance)
      order by t."createdAt", t.amount desc), '[]')
      from (select *, sum(amount) over (order by "createdAt", amount desc, id) as balance
              from credit) t),
  'sums', (select coalesce(json_agg(json_build_object('amount', s.amount, 'count', s.count,
      'description', s.description, 'balance', s.balance) order by s.first, s.amount desc), '[]')
      from (select description, sum(amount) as amount, count(*) as count,
                   min("createdAt") as first,
                   sum(sum(amount)) over (order by min("createdAt"), sum(amount) desc) as balance
              from credit group by description) s),
  'balance', (select coalesce(sum(amount), 0) from credit))
