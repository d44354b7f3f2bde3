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
    'images', darkroom.dashboard_images());
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
  -- As spent_today(), which may write and so cannot run here.
  select jsonb_build_object('microusd', coalesce(sum(coalesce(c.cost_microusd,
           case when c.finished_at is null or coalesce(c.http_status, 0) in (0, 200)
                then c.max_cost_microusd end, 0)), 0)::bigint, 'calls', count(*))
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
