-- What happens now, for `darkroom status`. $1: rows of each list at most.
with recent as materialized (
  select q.id, q.status, q.user_id, q.error_message, q.created_at, q.completed_at, q.processed_at,
         q.darkroom_run_at, q.darkroom_leased_by, q.payload->>'projectId' as project,
         case when q.job_type in ('generate-image', 'generate-complete-pack', 'generate-aplus',
                                  'regenerate-image', 'batch-api') then q.job_type
              else 'other' end as type,
         q.payload->>'imageType' as image
    from public.job_queue q
   where q.status in ('pending', 'processing') or q.completed_at > now() - interval '1 day'
), failed as (
  select r.* from recent r where r.status = 'failed' and isfinite(r.completed_at)
   order by r.completed_at desc, r.id limit $1::int
)
select json_build_object(
  'at', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'database', current_database(),
  'queue', (select coalesce(json_agg(json_build_object('type', t.type, 'ready', t.ready,
      'later', t.later, 'running', t.running, 'open', t.open, 'completed', t.completed,
      'failed', t.failed, 'oldestSeconds', t.oldest) order by t.type), '[]') from (
    select r.type,
           count(*) filter (where r.status = 'pending' and r.darkroom_run_at <= now()) as ready,
           count(*) filter (where r.status = 'pending' and r.darkroom_run_at > now()) as later,
           count(*) filter (where r.status = 'processing'
             and r.darkroom_leased_by is distinct from 'children') as running,
           count(*) filter (where r.status = 'processing'
             and r.darkroom_leased_by = 'children') as open,
           count(*) filter (where r.status = 'completed') as completed,
           count(*) filter (where r.status = 'failed') as failed,
           floor(extract(epoch from now() - min(r.darkroom_run_at) filter (
             where r.status = 'pending' and r.darkroom_run_at <= now()
               and isfinite(r.darkroom_run_at))))::bigint as oldest
      from recent r group by 1) t),
  'rates', (select json_agg(json_build_object('minutes', m.minutes,
      'completed', (select count(*) from recent r where r.status = 'completed'
         and r.completed_at > now() - m.minutes * interval '1 minute'),
      'failed', (select count(*) from recent r where r.status = 'failed'
         and r.completed_at > now() - m.minutes * interval '1 minute')) order by m.minutes)
      from (values (10), (60)) m(minutes)),
  'workerCount', (select count(*) from darkroom.worker),
  'workers', (select coalesce(json_agg(json_build_object('id', w.id, 'version', w.version,
      'heartbeatSeconds', round(extract(epoch from now() - w.heartbeat_at)::numeric, 1),
      'upSeconds', floor(extract(epoch from now() - w.started_at))::bigint,
      'running', (select count(*) from recent r where r.status = 'processing'
                   and r.darkroom_leased_by = w.id),
      'state', case when w.dead then 'dead' else 'ok' end) order by w.dead desc, w.id), '[]')
      from (select x.*, darkroom.worker_is_dead(x) as dead from darkroom.worker x
             order by x.heartbeat_at desc, x.id limit $1::int) w),
  'services', darkroom.service_list(),
  'spentTodayUsd', darkroom.spent_today() / 1e6,
  'openPackCount', (select count(*) from darkroom.pack p where p.ended_at is null),
  'openPacks', (select coalesce(json_agg(json_build_object('id', p.job_id, 'project', r.project,
      'product', (select x."productName" from public."Project" x where x.id = r.project),
      'message', r.error_message, 'seconds',
      greatest(floor(extract(epoch from now() - p.queued_at)), 0)::bigint)
      order by p.queued_at, p.job_id), '[]')
      from (select x.* from darkroom.pack x where x.ended_at is null
             order by x.queued_at, x.job_id limit $1::int) p left join recent r on r.id = p.job_id),
  'openBatches', (select coalesce(json_agg(darkroom.batch_status(b) order by b.created_at, b.id), '[]')
      from (select x.* from darkroom.batch x where x.state <> 'cancelled'
               and (x.state <> 'running' or exists (select 1 from darkroom.batch_item i
                 where i.batch_id = x.id and i.state in ('waiting', 'queued')))
             order by x.created_at desc, x.id limit $1::int) b),
  'failures', (select coalesce(json_agg(json_build_object('id', f.id, 'type', f.type,
      'image', f.image, 'project', f.project, 'user', f.user_id,
      'email', (select u.email from public."User" u where u.id = f.user_id),
      'seconds', greatest(floor(extract(epoch from now() - f.completed_at)), 0)::bigint,
      'message', f.error_message) order by f.completed_at desc, f.id), '[]') from failed f))
