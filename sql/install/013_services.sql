-- 013_services.sql - the states of the services that jobs depend on: providers, models, stores.
--
-- Workers report changes of a state and learn all states with their heartbeat. While a service is
-- stopped, its jobs wait in the queue and spend no attempt. One worker at a time probes a service.

create table if not exists darkroom.service (
  key text primary key,
  state text not null default 'healthy',
  reason text not null default '',
  hint text not null default '',
  models text[] not null default '{}',
  since timestamptz not null default now(),
  failures int not null default 0,
  next_probe_at timestamptz,
  probe_worker text,
  probe_until timestamptz,
  trial boolean not null default false,
  recovered_at timestamptz
);
comment on table darkroom.service is 'State of each service that had trouble: a provider, a model, a store.';
comment on column darkroom.service.key is
  'provider/NAME, model/PROVIDER/MODEL, store/NAME/BUCKET, or database/tables: the application''s tables.';
comment on column darkroom.service.state is
  'healthy, slow, rate limited, failing, unreachable, key rejected, out of credit, misconfigured, '
  'unreadable or retired. All but the first two stop the claims of jobs that need the service.';
comment on column darkroom.service.reason is 'The error that led to the state, without secrets.';
comment on column darkroom.service.hint is 'What an operator should do.';
comment on column darkroom.service.models is 'The models that cannot be called while the service is stopped.';
comment on column darkroom.service.since is 'When the trouble began; of a healthy service, of no meaning.';
comment on column darkroom.service.failures is 'Failed probes since then.';
comment on column darkroom.service.next_probe_at is 'When a worker may probe it again. Null while it works.';
comment on column darkroom.service.probe_worker is 'The worker that probes it, or tries it with one job.';
comment on column darkroom.service.probe_until is 'When another worker may probe it, because no result came.';
comment on column darkroom.service.trial is 'The free probe succeeded, and probe_worker tries one job.';
comment on column darkroom.service.recovered_at is 'When it worked again the last time.';

create table if not exists darkroom.waiting_job (
  job_id uuid primary key,
  service text not null,
  run_at timestamptz not null,
  failures int not null default 0,
  since timestamptz not null default now()
);
create index if not exists waiting_job_service on darkroom.waiting_job (service, failures, run_at);
comment on table darkroom.waiting_job is
  'Jobs that were claimed and came back because a service is stopped. They get their place in the '
  'queue back when it works again.';
comment on column darkroom.waiting_job.job_id is 'The job. Not a foreign key: rows of ended jobs are harmless.';
comment on column darkroom.waiting_job.service is 'Key of the service.';
comment on column darkroom.waiting_job.run_at is 'Its darkroom_run_at before it waited, which is its place.';
comment on column darkroom.waiting_job.failures is
  'Calls that failed since it waits. The job with the fewest is tried first, so that a job which fails '
  'alone does not hold back the others.';
comment on column darkroom.waiting_job.since is 'When it came back.';

alter table darkroom.job_failure add column if not exists service text,
  add column if not exists kind text, add column if not exists spent boolean;
comment on column darkroom.job_failure.service is 'The service that the failure is about. Null: the job itself.';
comment on column darkroom.job_failure.kind is 'Kind of the error: network, busy, remote, key, quota, config.';
comment on column darkroom.job_failure.spent is 'Whether the failure spent an attempt. Null for the job itself.';

create or replace function darkroom.service_stops(state text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select state not in ('healthy', 'slow')
$$;
comment on function darkroom.service_stops is 'True if no jobs are claimed that need a service in this state.';

create or replace function darkroom.service_row(s darkroom.service, worker text) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('key', s.key, 'state', s.state, 'reason', s.reason, 'hint', s.hint,
    'failures', s.failures,
    'ageMs', greatest(floor(extract(epoch from clock_timestamp() - s.since) * 1000), 0)::bigint,
    'probeMs', coalesce(greatest(ceil(extract(epoch from greatest(s.next_probe_at,
        -- another worker probes it: asked again after a few seconds, because it may die
        case when s.probe_worker is distinct from worker and s.probe_until > clock_timestamp()
             then least(s.probe_until, clock_timestamp() + interval '5 seconds') end)
      - clock_timestamp()) * 1000), 0), 0)::bigint,
    'trial', s.trial and s.probe_worker is not distinct from worker and s.probe_until > clock_timestamp())
$$;
comment on function darkroom.service_row is
  'A service as a worker reads it: age of its state, time until it may be probed, and whether this '
  'worker may try one job.';

create or replace function darkroom.services_in_trouble(worker text) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin -- in PL/pgSQL, which keeps its plan: a function in SQL is planned at each heartbeat
  return jsonb_build_object('services', coalesce((select jsonb_agg(darkroom.service_row(s, worker))
           from darkroom.service s where s.state <> 'healthy'), '[]'));
end
$$;
comment on function darkroom.services_in_trouble is
  'The services that are not healthy. Part of each heartbeat''s reply.';

create or replace function darkroom.restore_waiting(service text, most int default null) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  restored int;
  returned uuid[];
begin
  with chosen as (
    select w.job_id, w.run_at from darkroom.waiting_job w
     where w.service = restore_waiting.service order by w.failures, w.run_at limit most
  ), gone as (
    delete from darkroom.waiting_job w using chosen c where w.job_id = c.job_id
    returning w.job_id, w.run_at
  )
  select count(*), array_agg(g.job_id) into restored, returned from gone g
   where darkroom.set_run_at(g.job_id, g.run_at);
  perform darkroom.leave_to_spools(returned); -- those whose paid answer lies in a spool
  return restored;
end
$$;
comment on function darkroom.restore_waiting is
  'Gives waiting jobs their place in the queue back; at most `most`, those that wait longest. A job '
  'that another session has locked runs at the time of the next probe.';

create or replace function darkroom.set_aside(service text, until timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  stopped constant text[] := (select s.models from darkroom.service s where s.key = set_aside.service);
  moved uuid[];
begin
  insert into darkroom.waiting_job (job_id, service, run_at)
  select q.id, set_aside.service, coalesce(k.place, q.darkroom_run_at)
    from (select i.job_id from darkroom.batch_item i where i.state = 'queued' and i.model = any(stopped)
          union
          select c.job_id from darkroom.batch_api_chunk c where c.state = 'open' and c.model = any(stopped)) own
    join public.job_queue q on q.id = own.job_id
    left join darkroom.kept_answer k on k.job_id = q.id
   where q.status = 'pending' and isfinite(q.darkroom_run_at)
  on conflict do nothing;
  select array_agg(w.job_id) into moved from darkroom.waiting_job w
   where w.service = set_aside.service and darkroom.set_run_at(w.job_id, greatest(until, w.run_at));
  perform darkroom.leave_to_spools(moved); -- those whose paid answer lies in a spool
end
$$;
comment on function darkroom.set_aside is
  'Lets the jobs that came back, and the jobs of batches that use a stopped model, wait until the next '
  'probe, so that they are not claimed before it. Workers leave out other jobs by their type.';

create or replace function darkroom.forget_services() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  old text;
begin
  for old in delete from darkroom.service s
              where darkroom.service_stops(s.state) and s.next_probe_at < now() - interval '1 day'
             returning s.key loop
    perform darkroom.restore_waiting(old);
  end loop;
  delete from darkroom.waiting_job w
   where not exists (select 1 from darkroom.service s
                      where s.key = w.service and darkroom.service_stops(s.state));
end
$$;
comment on function darkroom.forget_services is
  'Deletes the state of a service that no worker has probed for a day, because none uses it any more, '
  'and rows of jobs that wait for nothing.';

create or replace function darkroom.report_service(worker text, report jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  subject constant text := left(report->>'key', 200);
  wanted constant text := left(report->>'state', 40);
  until constant timestamptz := now() + least((report->>'backoffMs')::bigint, 86400000)
                                        * interval '1 ms';
  s darkroom.service;
  waited int := 0;
  recovered boolean := false;
begin
  perform darkroom.forget_services();
  insert into darkroom.service (key) values (subject) on conflict do nothing;
  select * into s from darkroom.service x where x.key = subject for no key update;
  if (report->>'trial')::boolean then
    -- The free probe succeeded: one job follows, the one that waits longest if none is new.
    if s.probe_worker = worker and darkroom.service_stops(s.state) then
      update darkroom.service x set trial = true, probe_until = now() + interval '5 minutes'
       where x.key = subject;
      perform darkroom.restore_waiting(subject, 1);
    end if;
  elsif wanted = 'healthy' then
    if s.state <> 'healthy' then
      recovered := darkroom.service_stops(s.state);
      select count(*) into waited from public.job_queue q
       where recovered and q.status = 'pending' and isfinite(q.darkroom_run_at)
         and q.job_type in (select jsonb_array_elements_text(report->'types'));
      update darkroom.service x
         set state = 'healthy', failures = 0, next_probe_at = null, probe_worker = null,
             probe_until = null, trial = false,
             recovered_at = case when recovered then clock_timestamp() else x.recovered_at end
       where x.key = subject;
      perform darkroom.restore_waiting(subject);
      perform pg_notify('darkroom_jobs', '');
    end if;
  elsif not darkroom.service_stops(wanted) or not darkroom.service_stops(s.state) then
    if not darkroom.service_stops(s.state) then
      update darkroom.service x
         set state = wanted, reason = left(report->>'reason', 500), hint = left(report->>'hint', 300),
             models = array(select jsonb_array_elements_text(report->'models')),
             since = case when x.state = wanted then x.since else now() end, failures = 0,
             next_probe_at = case when darkroom.service_stops(wanted) then until end,
             probe_worker = null, probe_until = null, trial = false
       where x.key = subject;
      if darkroom.service_stops(wanted) then
        perform darkroom.set_aside(subject, until);
      end if;
    end if;
  elsif s.probe_worker = worker
        or (report->>'checked')::boolean and coalesce(s.probe_until, '-infinity') <= now() then
    update darkroom.service x
       set state = wanted, reason = left(report->>'reason', 500), hint = left(report->>'hint', 300),
           models = array(select jsonb_array_elements_text(report->'models')),
           failures = x.failures + 1, next_probe_at = until, probe_worker = null,
           probe_until = null, trial = false
     where x.key = subject;
    perform darkroom.set_aside(subject, until);
  end if;
  select * into s from darkroom.service x where x.key = subject;
  return jsonb_build_object('services', jsonb_build_array(darkroom.service_row(s, worker)),
                            'recovered', recovered, 'waited', waited);
end
$$;
comment on function darkroom.report_service is
  'Records what a worker has found out about a service. While a service is stopped, only the worker '
  'that probes it, or has just checked it, changes its state. report: key, state, reason, hint, models, backoffMs, types; or '
  'key and trial; checked: a check has just found the state. waited: pending jobs of these types when it works again.';

create or replace function darkroom.begin_probe(worker text, service text, early boolean default false)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  won boolean;
  s darkroom.service;
begin
  update darkroom.service x
     set probe_worker = worker, probe_until = now() + interval '1 minute', trial = false
   where x.key = service and darkroom.service_stops(x.state) and (early or x.next_probe_at <= now())
     and (x.probe_worker is null or x.probe_until <= now()
          or not exists (select 1 from darkroom.worker w
                          where w.id = x.probe_worker and not darkroom.worker_is_dead(w)));
  won := found;
  select * into s from darkroom.service x where x.key = service;
  return jsonb_build_object('won', won,
    'services', case when s.key is null then '[]'
                     else jsonb_build_array(darkroom.service_row(s, worker)) end);
end
$$;
comment on function darkroom.begin_probe is
  'Lets one worker probe a stopped service; early: a worker that has just started need not wait for the '
  'backoff, because it may have a new key or setting. The probe of a worker that reports no result counts as '
  'over after a minute, a trial after five.';

drop function if exists darkroom.others_succeeded(uuid, text, timestamptz);
create or replace function darkroom.others_succeeded(job uuid, service text, since timestamptz,
  until timestamptz default 'infinity') returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  part constant text[] := string_to_array(service, '/');
begin
  if part[1] in ('store', 'database') then -- an object is recorded with the row of its image
    return exists (select 1 from darkroom.stored_object o
                    where o.stored_at > since and o.stored_at < until and o.job_id <> job
                      and (part[1] = 'database' or o.bucket = part[3]));
  end if;
  return exists (select 1 from darkroom.model_call c
                  where c.sent_at > since and c.sent_at < until and c.job_id <> job and c.outcome in ('ok', 'rejected')
                    and c.provider = part[2] and (part[1] = 'provider'
                      or c.model = substr(service, length('model/' || part[2] || '/') + 1)));
end
$$;
comment on function darkroom.others_succeeded is
  'True if another job was served by the service after one time and before the other.';

create or replace function darkroom.has_bought_its_limit(job uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*) > max(coalesce(q.max_retries, 3))
    from darkroom.model_call c join public.job_queue q on q.id = c.job_id
   where c.job_id = job and c.step <> 'batch_api' and c.http_status between 200 and 299
     and c.outcome in ('format', 'remote')
$$;
comment on function darkroom.has_bought_its_limit is
  'True if a job has bought as many answers that could not be read as it has attempts. It must not buy '
  'more, although such an answer is trouble of the model and spends no attempt.';

create or replace function darkroom.always_fails_alone(job uuid, service text, kind text)
returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*) = 5 and bool_and(darkroom.others_succeeded(always_fails_alone.job,
           always_fails_alone.service, p.failed_at, coalesce(p.next_at, 'infinity')))
    from (select f.failed_at, lead(f.failed_at) over (order by f.id) as next_at
            from darkroom.job_failure f
           where f.job_id = always_fails_alone.job and f.service = always_fails_alone.service
             and f.kind = always_fails_alone.kind and not f.spent
           order by f.id desc limit 5) p
$$;
comment on function darkroom.always_fails_alone is
  'True if the job has failed at least five times, and others were served after each of the last five '
  'failures. Then the job is at fault, even if its failures have stopped the service each time: an upload '
  'that always fails is tried several times in a row.';

create or replace function darkroom.is_jobs_own_fault(job uuid, service text, kind text,
  out spends boolean, out final boolean)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  s darkroom.service;
  first timestamptz;
  last timestamptz;
  count int;
begin
  select * into s from darkroom.service x where x.key = service;
  select min(f.failed_at), max(f.failed_at), count(*) into first, last, count
    from darkroom.job_failure f
   where f.job_id = job and f.service = is_jobs_own_fault.service and not f.spent
     and f.kind = is_jobs_own_fault.kind;
  -- The failure before this one was the job's own if others were served after it, and no trouble of
  -- the service has ended since. So the first failure is never counted.
  spends := kind in ('remote', 'network', 'busy', 'format') and last is not null
    and count >= case kind when 'busy' then 20 else 1 end
    and not darkroom.service_stops(coalesce(s.state, 'healthy'))
    and coalesce(s.recovered_at, '-infinity') < last
    and darkroom.others_succeeded(job, service, last);
  spends := spends or (kind in ('remote', 'network', 'format') and count >= 5
                       and darkroom.always_fails_alone(job, service, kind));
  final := kind in ('remote', 'format') and count >= 10 and first < now() - interval '3 days'
    and not darkroom.others_succeeded(job, service, first)
    and not exists (select 1 from darkroom.waiting_job w
                     where w.service = is_jobs_own_fault.service and w.job_id <> job);
  final := final or (kind in ('remote', 'format') and coalesce(darkroom.has_bought_its_limit(job), false));
  -- A batch that the provider rejects again and again must not stop its model for all other jobs.
  final := final or (kind = 'config' and count >= 10
    and exists (select 1 from darkroom.batch_api_chunk c where c.job_id = job));
end
$$;
comment on function darkroom.is_jobs_own_fault is
  'Tells trouble of a service from a job that fails alone. spends: the failure spends an attempt. '
  'final: it is the only job, and has failed for three days, at least ten times; or it has bought as '
  'many unreadable answers as it has attempts; or it is a batch that was rejected ten times.';

create or replace function darkroom.wait_for_service(job uuid, lease bigint, worker text,
  service text, kind text, message text, detail text, delay_ms bigint, call jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply constant jsonb := darkroom.begin_failure(job, lease, worker, call);
  s darkroom.service;
  own record;
  cancelled boolean;
  ended jsonb;
begin
  if reply is not null then
    return reply;
  end if;
  cancelled := exists (select 1 from darkroom.batch b where b.state = 'cancelled'
    and (b.id in (select i.batch_id from darkroom.batch_item i where i.job_id = job)
         or b.id in (select c.batch_id from darkroom.batch_api_chunk c
                      where c.job_id = job and c.state = 'open')));
  select * into own from darkroom.is_jobs_own_fault(job, service, kind);
  if own.spends or own.final or cancelled then
    ended := darkroom.fail_job(job, lease, worker, message, not (own.final or cancelled), true,
                               delay_ms, null, detail);
    update darkroom.job_failure f set service = wait_for_service.service,
           kind = wait_for_service.kind, spent = true
     where f.id = (select max(x.id) from darkroom.job_failure x where x.job_id = job);
    return ended;
  end if;
  insert into darkroom.job_failure (job_id, lease, worker, message, detail, service, kind, spent)
  values (job, lease, worker, message, detail, service, kind, false);
  select * into s from darkroom.service x where x.key = service;
  if darkroom.service_stops(coalesce(s.state, 'healthy')) then
    insert into darkroom.waiting_job as w (job_id, service, run_at, failures)
    select q.id, wait_for_service.service, q.darkroom_run_at,
           case when kind = 'stopped' then 0 else 1 end from public.job_queue q where q.id = job
    on conflict (job_id) do update
       set service = excluded.service, failures = w.failures + excluded.failures;
  end if;
  perform darkroom.return_to_queue(array[job], case
            when darkroom.service_stops(coalesce(s.state, 'healthy'))
              then greatest(q.darkroom_run_at, s.next_probe_at, now() + interval '1 second')
            else now() + least(greatest(delay_ms, 0), 86400000) * interval '1 ms' end, message)
     from public.job_queue q where q.id = job;
  return '{"state":"waiting","refunded":0}';
end
$$;
comment on function darkroom.wait_for_service is
  'Returns a job whose attempt failed because of a service to the queue. It spends no attempt unless '
  'it fails alone (is_jobs_own_fault), and keeps its place while the service is stopped.';

create or replace function darkroom.service_list() returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'state', s.state, 'reason', s.reason,
    'hint', s.hint, 'failures', s.failures,
    'since', to_char(s.since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'seconds', greatest(floor(extract(epoch from now() - s.since)), 0)::bigint,
    'probeSeconds', case when s.next_probe_at is not null
      then greatest(ceil(extract(epoch from s.next_probe_at - now())), 0)::bigint end,
    'probing', s.probe_until > now(), 'stops', darkroom.service_stops(s.state),
    'waiting', (select count(*) from darkroom.waiting_job w where w.service = s.key))
    order by s.since, s.key), '[]')
    from darkroom.service s where s.state <> 'healthy'
$$;
comment on function darkroom.service_list is 'The services that are not healthy, for operators.';
