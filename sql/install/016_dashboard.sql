-- 016_dashboard.sql - what the dashboard shows. Functions, so that a worker's role needs no rights on
-- the tables. Times are milliseconds since 1970. Each list and text has a limit.

-- The dashboard lists jobs by their creation, and counts those that have ended by their end.
create index if not exists darkroom_created on public.job_queue (created_at, id);
create index if not exists darkroom_completed on public.job_queue (completed_at)
  include (status, job_type) where completed_at is not null;

create or replace function darkroom.dashboard_workers() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'version', w.version,
      'startedAt', darkroom.epoch_ms(w.started_at, now()),
      'heartbeatAt', darkroom.epoch_ms(w.heartbeat_at, now()),
      'dead', darkroom.worker_is_dead(w), 'jobs', coalesce(h.jobs, 0),
      'provider', w.assignments->'image'->>'provider', 'model', w.assignments->'image'->>'model',
      'textModel', w.assignments->'text'->>'model') order by w.started_at, w.id), '[]')
    from (select * from darkroom.worker x order by x.started_at, x.id limit 200) w
    left join (select q.darkroom_leased_by as id, count(*) as jobs from public.job_queue q
                where q.status = 'processing' and q.darkroom_lease_until < 'infinity'
                group by 1) h on h.id = w.id);
end
$$;
comment on function darkroom.dashboard_workers is
  'The registered workers with the number of their jobs, oldest first; at most 200.';

create or replace function darkroom.dashboard_services() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', s.key, 'state', s.state,
      'stops', darkroom.service_stops(s.state), 'reason', left(s.reason, 500), 'hint', s.hint,
      'failures', s.failures, 'since', darkroom.epoch_ms(s.since, now()),
      'probeAt', case when s.next_probe_at is not null
        then darkroom.epoch_ms(s.next_probe_at, now()) end,
      'probing', coalesce(s.probe_until > now(), false),
      'waiting', (select count(*) from darkroom.waiting_job w where w.service = s.key))
      order by s.since, s.key), '[]')
    from (select * from darkroom.service x where x.state <> 'healthy'
           order by x.since, x.key limit 100) s);
end
$$;
comment on function darkroom.dashboard_services is
  'The services that are not healthy, longest trouble first; at most 100.';

create or replace function darkroom.dashboard_running() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'type', left(q.job_type, 60),
      'image', left(q.payload->>'imageType', 60), 'project', left(p."productName", 120),
      'since', darkroom.epoch_ms(q.processed_at, now()), 'worker', q.darkroom_leased_by,
      'attempt', least(greatest(coalesce(q.retry_count, 0), 0), 1000000) + 1)
      order by q.processed_at, q.id), '[]')
    from (select * from public.job_queue j
           where j.status = 'processing' and j.darkroom_lease_until < 'infinity'
           order by j.processed_at, j.id limit 24) q
    left join public."Project" p on p.id = q.payload->>'projectId');
end
$$;
comment on function darkroom.dashboard_running is
  'The running jobs, longest first; at most 24. Packs that wait for their parts are not among them.';

create or replace function darkroom.dashboard_images() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'url', i.url, 'type', i.type,
      'project', left(p."productName", 120), 'width', i.width, 'height', i.height, 'at', i.at,
      'candidate', i.candidate) order by i.at desc, i.id), '[]')
    from (select q.id, coalesce(g.url, b.url) as url, coalesce(g.type::text, b.type) as type,
                 coalesce(g."projectId", b.project_id) as project, coalesce(g.width, b.width) as width,
                 coalesce(g.height, b.height) as height,
                 darkroom.epoch_ms(q.completed_at, now()) as at, b.job_id is not null as candidate
            from (select j.id, j.completed_at from public.job_queue j
                   where j.completed_at < 'infinity' order by j.completed_at desc limit 100) q
            left join public."GeneratedImage" g on g.id = q.id::text
            left join darkroom.batch_item b on b.job_id = q.id
           where coalesce(g.url, b.url) is not null order by q.completed_at desc limit 18) i
    left join public."Project" p on p.id = i.project);
end
$$;
comment on function darkroom.dashboard_images is
  'The latest images and candidates, newest first; at most 18, of the last 100 jobs that ended.';

create or replace function darkroom.dashboard_live() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  began constant timestamptz := clock_timestamp();
  live jsonb;
begin
  live := jsonb_build_object('workers', darkroom.dashboard_workers(),
    'services', darkroom.dashboard_services(), 'running', darkroom.dashboard_running(),
    'images', darkroom.dashboard_images(), 'pauses', darkroom.dashboard_pauses(),
    'itemsChangedAt', (select darkroom.epoch_ms(max(i.changed_at), now()) from darkroom.batch_item i
                        having max(i.changed_at) is not null));
  return live || jsonb_build_object('now', darkroom.epoch_ms(clock_timestamp(), now()),
    'tookMs', round(extract(epoch from clock_timestamp() - began)::numeric * 1000, 1));
end
$$;
comment on function darkroom.dashboard_live is
  'What the dashboard reads every second while it is watched. tookMs: how long that took.';

create or replace function darkroom.dashboard_queue() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (with open as (
      select q.job_type, count(*) filter (where q.status = 'pending' and q.darkroom_run_at <= now()) as ready,
             count(*) filter (where q.status = 'pending' and q.darkroom_run_at > now()
                                and isfinite(q.darkroom_run_at)) as waiting,
             count(*) filter (where q.status = 'pending' and q.darkroom_run_at = 'infinity') as paused,
             count(*) filter (where q.status = 'processing' and q.darkroom_lease_until < 'infinity')
               as running,
             count(*) filter (where q.status = 'processing'
                                and not coalesce(q.darkroom_lease_until < 'infinity', false)) as parts
        from public.job_queue q where q.status in ('pending', 'processing') group by 1
    ), ended as (
      select q.job_type, count(*) filter (where q.status = 'completed') as completed,
             count(*) filter (where q.status = 'failed') as failed
        from public.job_queue q
       where q.completed_at > now() - interval '24 hours' and q.completed_at < 'infinity' group by 1
    )
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'ready', t.ready, 'waiting', t.waiting,
        'paused', t.paused, 'running', t.running, 'parts', t.parts, 'completed', t.completed,
        'failed', t.failed) order by t.id), '[]')
      from (select left(coalesce(o.job_type, e.job_type), 60) as id, coalesce(sum(o.ready), 0) as ready,
                   coalesce(sum(o.waiting), 0) as waiting, coalesce(sum(o.paused), 0) as paused,
                   coalesce(sum(o.running), 0) as running, coalesce(sum(o.parts), 0) as parts,
                   coalesce(sum(e.completed), 0) as completed, coalesce(sum(e.failed), 0) as failed
              from open o full join ended e on e.job_type = o.job_type group by 1 limit 40) t);
end
$$;
comment on function darkroom.dashboard_queue is
  'Jobs by type: pending ones that are ready, wait for a time, or are paused; running ones; packs that '
  'wait for their parts; and those that ended within 24 hours.';

create or replace function darkroom.dashboard_rates() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (with minutes as (
      select floor(extract(epoch from now() - q.completed_at) / 60)::int as ago,
             count(*) filter (where q.status = 'completed') as completed,
             count(*) filter (where q.status = 'failed') as failed
        from public.job_queue q
       where q.completed_at > now() - interval '60 minutes' and q.completed_at <= now()
         and q.job_type <> 'generate-complete-pack'
       group by 1
    )
    select jsonb_build_object('completed', jsonb_agg(coalesce(m.completed, 0) order by n desc),
                              'failed', jsonb_agg(coalesce(m.failed, 0) order by n desc))
      from generate_series(0, 59) n left join minutes m on m.ago = n);
end
$$;
comment on function darkroom.dashboard_rates is
  'How many jobs ended in each of the last 60 minutes, oldest first. Packs are not counted.';

create or replace function darkroom.dashboard_totals() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  began constant timestamptz := clock_timestamp();
  spend jsonb;
  totals jsonb;
begin
  -- Not spent_today(), which may write.
  select jsonb_build_object('microusd', coalesce(sum(darkroom.counted_cost(c)), 0)::bigint,
                            'calls', count(*))
    into spend from darkroom.model_call c
   where c.sent_at >= (now() at time zone 'utc')::date::timestamp at time zone 'utc';
  totals := jsonb_build_object('queue', darkroom.dashboard_queue(), 'rates', darkroom.dashboard_rates(),
    'spend', spend,
    'oldestAt', (select darkroom.epoch_ms(min(q.created_at), now()) from public.job_queue q
                  where q.status = 'pending' and q.darkroom_run_at <= now()
                  having count(*) > 0));
  return totals || jsonb_build_object('tookMs',
    round(extract(epoch from clock_timestamp() - began)::numeric * 1000, 1));
end
$$;
comment on function darkroom.dashboard_totals is
  'What the dashboard counts. tookMs: how long that took, which decides how often it is done.';

create or replace function darkroom.dashboard_stopped() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', s.key, 'state', s.state)), '[]')
    from (select * from darkroom.service x where darkroom.service_stops(x.state) limit 1000) s);
end
$$;
comment on function darkroom.dashboard_stopped is 'The services that stop claims, for /readyz.';

-- -- jobs -----------------------------------------------------------------------------------------

create or replace function darkroom.like_text(term text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select '%' || replace(replace(replace(term, '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;
comment on function darkroom.like_text is 'The pattern of LIKE for texts that contain a term.';

create or replace function darkroom.dashboard_condition(request jsonb) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  term constant text := nullif(btrim(left(request->>'text', 200)), '');
  field constant text := coalesce(request->>'field', 'all');
  digits constant text := replace(lower(term), '-', '');
  found text[] := '{}';
  condition text := 'true';
begin
  if request->>'state' = 'later' then
    condition := 'q.status = ''pending'' and q.darkroom_run_at > now()';
  elsif request->>'state' = 'ready' then
    condition := 'q.status = ''pending'' and q.darkroom_run_at <= now()';
  elsif nullif(request->>'state', '') is not null then
    condition := format('q.status = %L', request->>'state');
  end if;
  if nullif(request->>'type', '') is not null then
    condition := condition || format(' and (q.job_type = %1$L or q.payload->>''imageType'' = %1$L)',
                                     request->>'type');
  end if;
  if term is null then
    return condition;
  end if;
  if field in ('all', 'id') and digits ~ '^[0-9a-f]{1,32}$' and (field = 'id' or length(digits) >= 6) then
    found := found || format('q.id between %L and %L', rpad(digits, 32, '0'), rpad(digits, 32, 'f'));
  end if;
  if field in ('all', 'user') then
    found := found || format('q.user_id = any(%L::text[])', array(
      select u.id from public."User" u
       where u.id = term or u.email ilike darkroom.like_text(term) limit 1000));
  end if;
  if field in ('all', 'project') then
    found := found || format('q.payload->>''projectId'' = any(%L::text[])', array(
      select p.id from public."Project" p
       where p.id = term or p."productName" ilike darkroom.like_text(term)
          or p.name ilike darkroom.like_text(term) limit 2000));
  end if;
  if field in ('all', 'error') then
    found := found || format('q.error_message ilike %L', darkroom.like_text(term));
  end if;
  return condition || ' and (' || coalesce(nullif(array_to_string(found, ' or '), ''), 'false') || ')';
end
$$;
comment on function darkroom.dashboard_condition is
  'The condition on job_queue q for a search: state (one of the four, ready or later), type (of the job '
  'or image), text, and field: all, id, user, project or error.';

create or replace function darkroom.dashboard_parts(pack uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select jsonb_agg(jsonb_build_object('id', c.job_id, 'slot', c.slot,
      'state', coalesce(j.status, 'gone'), 'url', g.url,
      'error', case when j.status = 'failed' then left(j.error_message, 300) end)
      order by array_position(array['MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT', 'LIFESTYLE',
        'COMPARISON_CHART', 'DIMENSION_DIAGRAM', 'APLUS'], c.slot), c.slot)
    from (select * from darkroom.child_job x where x.parent_id = pack limit 40) c
    left join public.job_queue j on j.id = c.job_id
    left join public."GeneratedImage" g on g.id = c.job_id::text);
end
$$;
comment on function darkroom.dashboard_parts is 'The jobs that were created for a job, in the order of a pack.';

create or replace function darkroom.dashboard_cost(jobs uuid[]) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select sum(c.cost_microusd) from darkroom.model_call c where c.job_id = any(jobs));
end
$$;
comment on function darkroom.dashboard_cost is
  'Known cost of the calls of jobs, in millionths of a US dollar. Null if there is none.';

create or replace function darkroom.dashboard_jobs(request jsonb) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  most constant int := least(greatest(coalesce((request->>'limit')::int, 40), 1), 100);
  condition text := darkroom.dashboard_condition(request);
  found uuid[];
  rows jsonb;
begin
  if (request->>'packs')::boolean then
    condition := condition
      || ' and not exists (select 1 from darkroom.child_job c where c.job_id = q.id)';
  end if;
  if (request->>'count')::boolean then
    execute 'select to_jsonb(count(*)) from (select 1 from public.job_queue q where ' || condition
      || ' limit 100001) x' into rows;
    return jsonb_build_object('count', rows, 'limit', 100000);
  end if;
  if request->>'afterId' is not null then -- the last job of the page before
    condition := condition || format(' and (q.created_at, q.id) < (%L::timestamptz, %L::uuid)',
                                     request->>'afterTime', request->>'afterId');
  end if;
  execute 'select array(select q.id from public.job_queue q where ' || condition
    || ' order by q.created_at desc, q.id desc limit ' || most + 1 || ')' into found;
  select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'type', left(q.job_type, 60),
      'state', q.status, 'image', left(q.payload->>'imageType', 60),
      'style', left(q.payload->>'style', 60), 'project', left(p."productName", 120),
      'user', coalesce(left(u.email, 120), q.user_id),
      'createdAt', darkroom.epoch_ms(q.created_at, now()), 'cursor', q.created_at::text,
      'endedAt', case when q.completed_at is not null
        then darkroom.epoch_ms(q.completed_at, q.created_at) end,
      'startedAt', case when q.processed_at is not null
        then darkroom.epoch_ms(q.processed_at, q.created_at) end,
      'dueAt', case when q.status = 'pending' and q.darkroom_run_at > now()
        and isfinite(q.darkroom_run_at) then darkroom.epoch_ms(q.darkroom_run_at, now()) end,
      'paused', q.status = 'pending' and q.darkroom_run_at = 'infinity',
      'retries', q.retry_count, 'maxRetries', q.max_retries, 'error', left(q.error_message, 300),
      'url', coalesce(g.url, b.url), 'pack', c.parent_id,
      'microusd', darkroom.dashboard_cost(array[q.id] || array(select x.job_id
        from darkroom.child_job x where x.parent_id = q.id)),
      'parts', case when q.job_type = 'generate-complete-pack'
        then darkroom.dashboard_parts(q.id) end)
      order by q.created_at desc, q.id desc), '[]')
    into rows
    from public.job_queue q
    left join public."Project" p on p.id = q.payload->>'projectId'
    left join public."User" u on u.id = q.user_id
    left join public."GeneratedImage" g on g.id = q.id::text
    left join darkroom.batch_item b on b.job_id = q.id
    left join darkroom.child_job c on c.job_id = q.id
   where q.id = any(found[:most]);
  return jsonb_build_object('jobs', rows, 'more', cardinality(found) > most,
                            'now', darkroom.epoch_ms(now(), now()));
end
$$;
comment on function darkroom.dashboard_jobs is
  'A page of jobs, newest first. request: the search (dashboard_condition), packs (leave out parts of '
  'packs, which their pack shows), afterTime and afterId (cursor and id of the last job before), limit; or '
  'count: only how many there are, up to 100,001.';

create or replace function darkroom.dashboard_job(job uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select jsonb_build_object('id', q.id, 'type', left(q.job_type, 60), 'state', q.status,
    'image', left(q.payload->>'imageType', 60), 'style', left(q.payload->>'style', 200),
    'payload', case when pg_column_size(q.payload) < 16384 then q.payload end,
    'projectId', q.payload->>'projectId', 'project', left(p."productName", 200),
    'user', coalesce(left(u.email, 120), q.user_id), 'userId', q.user_id,
    'createdAt', darkroom.epoch_ms(q.created_at, now()),
    'startedAt', case when q.processed_at is not null
      then darkroom.epoch_ms(q.processed_at, q.created_at) end,
    'endedAt', case when q.completed_at is not null
      then darkroom.epoch_ms(q.completed_at, q.created_at) end,
    'dueAt', case when isfinite(q.darkroom_run_at)
      then darkroom.epoch_ms(q.darkroom_run_at, now()) end,
    'paused', q.status = 'pending' and q.darkroom_run_at = 'infinity',
    'retries', q.retry_count, 'maxRetries', q.max_retries, 'losses', q.darkroom_losses,
    'busy', q.darkroom_busy, 'lease', q.darkroom_lease, 'priority', q.darkroom_priority,
    'worker', q.darkroom_leased_by, 'error', left(q.error_message, 2000),
    'pack', (select c.parent_id from darkroom.child_job c where c.job_id = q.id),
    'parts', darkroom.dashboard_parts(q.id),
    'charge', (select jsonb_build_object('credits', c.credits, 'source', c.source, 'state', c.state,
        'refunded', c.refunded) from darkroom.charge c where c.job_id = q.id),
    'waits', (select jsonb_build_object('service', w.service,
        'since', darkroom.epoch_ms(w.since, now())) from darkroom.waiting_job w where w.job_id = q.id),
    'answer', (select jsonb_build_object('spool', k.spool, 'since', darkroom.epoch_ms(k.since, now()))
        from darkroom.kept_answer k where k.job_id = q.id),
    'photo', coalesce(d.detail->'photo'->>'url', (select i.url from public."ProjectImage" i
        where i."projectId" = p.id order by i."order", i."createdAt" limit 1)),
    'url', coalesce(g.url, b.url), 'width', coalesce(g.width, b.width),
    'height', coalesce(g.height, b.height), 'bytes', coalesce(g.size, b.size),
    'batch', b.batch_id, 'decision', b.decision,
    'checks', coalesce(d.detail->'checks', b.metadata->'checks'),
    'prompt', left(coalesce(d.detail->>'prompt', b.metadata->>'prompt', (
        select c.request->>'prompt' from darkroom.model_call c
         where c.job_id = q.id and c.request ? 'prompt' order by c.id desc limit 1)), 30000),
    'calls', (select jsonb_agg(jsonb_build_object('id', c.id::text, 'step', c.step,
        'call', c.call_index, 'provider', c.provider, 'model', c.model, 'outcome', c.outcome,
        'http', c.http_status, 'ms', c.ms, 'microusd', c.cost_microusd, 'requestId', c.request_id,
        'quality', c.request->>'quality', 'size', c.request->>'size', 'worker', c.worker,
        'sentAt', darkroom.epoch_ms(c.sent_at, now()),
        'finishedAt', case when c.finished_at is not null
          then darkroom.epoch_ms(c.finished_at, now()) end,
        'error', left(c.error, 1000)) order by c.id)
      from (select * from darkroom.model_call x where x.job_id = q.id order by x.id desc limit 100) c),
    'failures', (select jsonb_agg(jsonb_build_object('id', f.id::text,
        'at', darkroom.epoch_ms(f.failed_at, now()), 'message', left(f.message, 1000),
        'detail', left(f.detail, 2000), 'service', f.service, 'worker', f.worker,
        'spent', coalesce(f.spent, true)) order by f.id)
      from (select * from darkroom.job_failure x where x.job_id = q.id order by x.id desc limit 100) f),
    'now', darkroom.epoch_ms(now(), now()))
    from public.job_queue q
    left join public."Project" p on p.id = q.payload->>'projectId'
    left join public."User" u on u.id = q.user_id
    left join public."GeneratedImage" g on g.id = q.id::text
    left join darkroom.image_detail d on d.image_id = q.id::text
    left join darkroom.batch_item b on b.job_id = q.id
   where q.id = job);
end
$$;
comment on function darkroom.dashboard_job is
  'One job with its calls, failures, checks and images, for operators. Null if there is none.';

create or replace function darkroom.plan_of_jobs(request jsonb, action text) returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  most constant int := 5000;
  condition constant text := darkroom.dashboard_condition(request)
    || case when action = 'retry' then ' and q.status = ''failed'''
            else ' and q.status in (''pending'', ''processing'')' end
    || case when (request->>'packs')::boolean then
       ' and not exists (select 1 from darkroom.child_job c where c.job_id = q.id)' else '' end;
  ids uuid[];
begin
  execute 'select array(select q.id from public.job_queue q where ' || condition
    || ' order by q.created_at desc, q.id desc limit ' || most + 1 || ')' into ids;
  return (select json_build_object('more', cardinality(ids) > most,
      'plan', case when action = 'retry' then darkroom.retry_plan(ids[:most])
        else (select json_build_object('jobs', coalesce(json_agg(q.id), '[]'),
            'running', count(*) filter (where q.status = 'processing'
              and q.darkroom_lease_until < 'infinity'),
            'packs', count(*) filter (where q.job_type = 'generate-complete-pack'))
          from public.job_queue q where q.id = any(ids[:most])) end));
end
$$;
comment on function darkroom.plan_of_jobs is
  'The jobs that match a search of the dashboard and that an action, retry or cancel, would change, newest '
  'first, at most 5,000; for a retry with its price (retry_plan).';

-- -- pauses ---------------------------------------------------------------------------------------

create or replace function darkroom.pause_claims(kind text, name text, reason text, models text[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  found_name text := name;
begin
  if kind = 'user' then
    select u.id into found_name from public."User" u
     where u.id = pause_claims.name or lower(u.email) = lower(pause_claims.name)
     order by (u.id = pause_claims.name) desc limit 1;
    if not found then
      return '{"state":"missing"}';
    end if;
  elsif kind = 'type' and name not in ('generate-image', 'generate-complete-pack', 'generate-aplus',
                                       'regenerate-image', 'batch-api')
        or kind not in ('type', 'provider') then
    return '{"state":"invalid"}';
  end if;
  insert into darkroom.claim_pause as p (kind, name, reason, models)
  values (pause_claims.kind, found_name, left(pause_claims.reason, 300), pause_claims.models)
  on conflict on constraint claim_pause_pkey do update set reason = excluded.reason,
    models = excluded.models;
  return jsonb_build_object('state', 'paused', 'name', found_name);
end
$$;
comment on function darkroom.pause_claims is
  'Lets no worker claim jobs of a type, a user (id or e-mail address) or a provider, until '
  'resume_claims(). models: those of the provider, for batches that name one. Running jobs go on.';

create or replace function darkroom.resume_claims(kind text, name text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from darkroom.claim_pause p
   where p.kind = resume_claims.kind and p.name = resume_claims.name;
  if not found then
    return '{"state":"missing"}';
  end if;
  perform pg_notify('darkroom_jobs', '');
  return '{"state":"resumed"}';
end
$$;
comment on function darkroom.resume_claims is 'Ends a pause.';

create or replace function darkroom.dashboard_pauses() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', p.kind || '/' || p.name, 'kind', p.kind,
      'name', p.name, 'shown', coalesce(u.email, p.name), 'reason', p.reason,
      'since', darkroom.epoch_ms(p.since, now())) order by p.since, p.kind, p.name), '[]')
    from (select * from darkroom.claim_pause x order by x.since limit 200) p
    left join public."User" u on p.kind = 'user' and u.id = p.name);
end
$$;
comment on function darkroom.dashboard_pauses is 'The pauses, oldest first; at most 200.';
