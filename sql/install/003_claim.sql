-- 003_claim.sql - leases: claim, renew, return and rescue.
--
-- No function here waits for a row that another session has locked: a job, a project or a turn of
-- the queue that is locked is left for the next call.

-- Constraints and triggers of the application may reject a row, or any row. Each such row is handled
-- alone, so that it holds back no other.

create or replace function darkroom.is_passing(state text) returns boolean
language sql immutable as $$
  select left(state, 2) in ('08', '40', '53', '55', '57', '58', 'XX')
$$;
comment on function darkroom.is_passing is
  'True for a SQLSTATE that says nothing about the row: deadlock, lock timeout, no memory and the '
  'like. The whole statement is then repeated.';

-- No type of the application in a signature: it would keep the application from replacing the type.
drop function if exists darkroom.set_project_status(text, public."ProjectStatus");
create or replace function darkroom.set_project_status(project text, want text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public."Project" p set status = want::public."ProjectStatus", "updatedAt" = timezone('utc', now())
   where p.id = project;
  return true;
exception when others then
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
  raise warning 'darkroom: the application''s tables reject the status % of project %: %', want,
    project, sqlerrm;
  return false;
end
$$;
comment on function darkroom.set_project_status is
  'Sets the status of a project. Returns false if a constraint or trigger of the application rejects '
  'it: no job fails for that.';

create or replace function darkroom.update_project_status(project text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  want text;
  status text;
begin
  select p.status::text into status from public."Project" p where p.id = project for no key update;
  if not found then
    return;
  end if;
  select case when bool_or(state = 'open') then 'PROCESSING'
              when bool_or(state = 'done') then 'COMPLETED'
              else 'FAILED' end
    into want from darkroom.slot where project_id = project having count(*) > 0;
  if want is not null and status is distinct from want then
    perform darkroom.set_project_status(project, want);
  end if;
end
$$;
comment on function darkroom.update_project_status is
  'Derives the status of a project from its slots: FAILED only if nothing that was requested is '
  'there. Writes only a change.';

create or replace function darkroom.finish_slot(job uuid, project text, new_state text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  -- The project is locked before its slots everywhere, so that transactions cannot deadlock.
  perform 1 from public."Project" where id = project for no key update;
  update darkroom.slot s
     set state = case when s.state = 'done' then 'done' else new_state end, updated_at = now()
   where s.project_id = project and s.job_id = job;
  if project is not null then
    perform darkroom.update_project_status(project);
  end if;
  perform darkroom.settle_pack_of(job);
end
$$;
comment on function darkroom.finish_slot is
  'Records how the last job of a slot ended, and settles the pack that it is a part of. A slot that '
  'is done stays done.';

create or replace function darkroom.record_first_claim(jobs uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r darkroom.claimed_job;
  recorded record;
  credits jsonb := '{}';
begin
  perform darkroom.record_jobs(jobs);
  perform darkroom.lock_account(payer.user_id) from (
    select distinct c.user_id from darkroom.claimed_job c
     where c.job_id = any(jobs) and c.user_id is not null and c.slot is not null
       and not exists (select 1 from darkroom.charge h where h.job_id = c.job_id)
     order by c.user_id) payer; -- in one order everywhere, so that two claims cannot deadlock
  for r in select * from darkroom.claimed_job c where c.job_id = any(jobs) order by c.job_id loop
    recorded := darkroom.record_claim(r.job_id, r.job_type, r.payload, r.user_id, credits);
    credits := recorded.credits;
  end loop;
end
$$;
comment on function darkroom.record_first_claim is
  'record_claim() for jobs that are not claimed through claim_for(). Waits for accounts.';

create or replace function darkroom.is_paused(job uuid) returns boolean
language plpgsql stable as $$
begin
  return exists (select 1 from darkroom.batch_item i join darkroom.batch b on b.id = i.batch_id
                  where i.job_id = job and b.state = 'paused')
      or exists (select 1 from darkroom.batch_api_chunk c join darkroom.batch b on b.id = c.batch_id
                  where c.job_id = job and c.state = 'open' and b.state = 'paused');
end
$$;
comment on function darkroom.is_paused is
  'True for a job of a paused batch. The provider has the items of a chunk that is not open.';

create or replace function darkroom.return_to_queue(jobs uuid[], run_at timestamptz default null,
  message text default null) returns void
language plpgsql as $$
begin
  update public.job_queue q
     set status = 'pending', processed_at = null, darkroom_leased_by = null,
         darkroom_lease_until = null,
         darkroom_run_at = case
           when q.job_type in ('regenerate-image', 'batch-api') and darkroom.is_paused(q.id)
             then 'infinity'
           else coalesce(return_to_queue.run_at, q.darkroom_run_at) end,
         error_message = coalesce(return_to_queue.message, q.error_message)
   where q.id = any(return_to_queue.jobs);
end
$$;
comment on function darkroom.return_to_queue is
  'Makes jobs pending again and ends their leases. Spends no attempt. They keep their place in the '
  'queue, unless run_at is given, and their message for sellers, unless one is given. Jobs of a '
  'paused batch wait until it continues.';

create or replace function darkroom.return_each(jobs uuid[]) returns void
language plpgsql as $$
declare
  job uuid;
begin
  foreach job in array coalesce(jobs, '{}') loop
    begin
      perform darkroom.return_to_queue(array[job]);
    exception when others then
      if darkroom.is_passing(sqlstate) then
        raise;
      end if;
      raise warning 'darkroom: the application''s tables do not let job % return to the queue: %', job,
        sqlerrm;
    end;
  end loop;
end
$$;
comment on function darkroom.return_each is
  'return_to_queue() one by one: a job whose row the application''s tables reject stays as it is.';

create or replace function darkroom.set_run_at(job uuid, run_at timestamptz) returns boolean
language plpgsql as $$
begin
  perform 1 from public.job_queue q
    where q.id = job and q.status = 'pending' and isfinite(q.darkroom_run_at)
      for no key update skip locked;
  if found then
    update public.job_queue q set darkroom_run_at = set_run_at.run_at where q.id = job;
  end if;
  return found;
exception when others then
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
  return false;
end
$$;
comment on function darkroom.set_run_at is
  'Sets when a pending job may be claimed. Returns false if the job is not pending, is paused, is '
  'locked by another session, or if the application''s tables reject the row.';

create or replace function darkroom.try_lock_account(owner text) returns boolean
language plpgsql as $$
begin
  perform 1 from darkroom.account a where a.user_id = owner for no key update skip locked;
  return found or not exists (select 1 from darkroom.account a where a.user_id = owner);
end
$$;
comment on function darkroom.try_lock_account is
  'Locks the account of a user, if there is one. Returns false if another session has locked it.';

create or replace function darkroom.try_lock_project(project text) returns boolean
language plpgsql as $$
begin
  perform 1 from public."Project" p where p.id = project for no key update skip locked;
  return found or not exists (select 1 from public."Project" p where p.id = project);
end
$$;
comment on function darkroom.try_lock_project is
  'Locks a project, if it exists. Returns false if another session has locked it.';

-- -- workers and their liveness -------------------------------------------------------------------

create or replace function darkroom.heartbeat_is_fresh(w darkroom.worker) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  -- A time in the future was written before the clock of the server was set back.
  select w.heartbeat_at between
    now() - case when w.lock_key = 0 then greatest(w.beat_ms * 30, 12000)
                 when w.beat_ms = 0 then 2000 else w.beat_ms * 3 end * interval '1 ms'
    and now() + interval '2 seconds'
$$;
comment on function darkroom.heartbeat_is_fresh is
  'True if the last heartbeat is younger than three intervals; thirty for a worker that can hold '
  'no lock, because nothing else shows that it lives.';

create or replace function darkroom.lock_is_held(w darkroom.worker) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select w.lock_key <> 0 and exists (select 1 from pg_locks l
       where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
         and l.database = (select oid from pg_database where datname = current_database())
         and l.classid = ((w.lock_key >> 32) & 4294967295)::bigint::oid
         and l.objid = (w.lock_key & 4294967295)::bigint::oid)
$$;
comment on function darkroom.lock_is_held is
  'True while a session holds the advisory lock of the worker.';

create or replace function darkroom.worker_is_dead(w darkroom.worker) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select not darkroom.heartbeat_is_fresh(w) and not darkroom.lock_is_held(w)
$$;
comment on function darkroom.worker_is_dead is
  'A worker lives while its heartbeat is fresh or its lock is held.';

create or replace function darkroom.fail_interrupted(job uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  project constant text := darkroom.project_of(job);
  payer constant text := (select c.user_id from darkroom.charge c where c.job_id = job);
begin
  if not (darkroom.try_lock_account(payer) and darkroom.try_lock_project(project)) then
    return false;
  end if;
  perform darkroom.fail_permanently(job, 'This image could not be made: its generation was '
    || 'interrupted again and again. Please try once more; if that fails too, contact support.');
  return true;
end
$$;
comment on function darkroom.fail_interrupted is
  'Fails a job whose workers died again and again while they ran it alone. Returns false while '
  'another session has locked its project or the account of its user.';

create or replace function darkroom.end_interrupted_calls(job uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform darkroom.finish_call(jsonb_build_object('id', c.id, 'outcome', 'interrupted', 'status', 0,
            'error', 'The worker ended during the call. The provider may have billed it.'))
     from darkroom.model_call c where c.job_id = job and c.finished_at is null;
end
$$;
comment on function darkroom.end_interrupted_calls is
  'Records the open calls of a dead worker as interrupted: they may have been billed.';

create or replace function darkroom.rescue_job(job uuid, losses int) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '25ms' as $$
declare
  most_losses constant int := 7; -- from two on it runs alone, see pick_suspect()
begin
  if losses + 1 >= most_losses and not darkroom.fail_interrupted(job) then
    return false;
  end if;
  perform darkroom.end_interrupted_calls(job);
  update public.job_queue q set darkroom_losses = least(losses, 30000) + 1
   where q.id = job and q.status = 'processing';
  if found then
    perform darkroom.return_to_queue(array[job]);
  end if;
  return true;
exception when lock_not_available then -- another session has locked a row of the application
  return false;
when others then
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
  raise warning 'darkroom: the application''s tables do not let job % return to the queue: %', job,
    sqlerrm;
  return false;
end
$$;
comment on function darkroom.rescue_job is
  'Returns the job of a dead worker to the queue, or fails it after seven losses. Returns false if '
  'that is not possible now.';

create or replace function darkroom.adopt_unleased(job uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.job_queue q
     set darkroom_lease_until = now() + interval '15 minutes',
         darkroom_leased_by = coalesce(q.darkroom_leased_by, 'legacy')
   where q.id = job;
exception when others then
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
end
$$;
comment on function darkroom.adopt_unleased is
  'Gives the holder of a job that another program made processing 15 minutes, as for jobs that ran '
  'before the installation.';

create or replace function darkroom.rescue() returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  stopped text[];
  r record;
  count int := 0;
begin
  -- Workers that do not live. Locks are looked up only for those whose heartbeat is late.
  select array_agg(w.id) into stopped from darkroom.worker w
   where not darkroom.heartbeat_is_fresh(w);
  perform darkroom.adopt_unleased(j.id)
     from (select q.id from public.job_queue q
            where q.status = 'processing' and q.darkroom_lease_until is null
              for update skip locked) j;
  for r in
    select q.id, q.darkroom_losses::int as losses
      from public.job_queue q left join darkroom.worker w on w.id = q.darkroom_leased_by
     where q.status = 'processing' and q.darkroom_lease_until < 'infinity' -- no open packs
       and (w.id = any(stopped) and (q.darkroom_lease_until < now() or not darkroom.lock_is_held(w))
            or w.id is null and q.darkroom_lease_until < now())
     order by q.id
     for update of q skip locked
  loop
    count := count + darkroom.rescue_job(r.id, r.losses)::int;
  end loop;
  if count > 0 then
    perform pg_notify('darkroom_jobs', '');
  end if;
  perform darkroom.settle_deleted_jobs();
  perform darkroom.settle_packs();
  perform darkroom.pay_owed_refunds();
  delete from darkroom.unclaimable_job u where u.since < now() - interval '1 hour';
  delete from darkroom.worker w where w.heartbeat_at < now() - interval '1 hour'
     and not darkroom.lock_is_held(w);
  return count;
end
$$;
comment on function darkroom.rescue is
  'Returns jobs of dead workers to their place in the queue, settles deleted jobs and open packs, '
  'and pays refunds that are owed. Spends no attempt.';

create or replace function darkroom.is_steady(w darkroom.worker) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select now() - w.heartbeat_at between interval '0' and greatest(w.beat_ms * 5, 2000) * interval '1 ms'
$$;
comment on function darkroom.is_steady is
  'False if there is a gap since the last heartbeat of a worker: an outage, or a jump of the clock, after '
  'which the heartbeats of all workers are late.';

create or replace function darkroom.rescue_for(worker text) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  -- After an outage, a restart or a jump of the clock the others are about to reconnect: their
  -- locks are gone and their heartbeats are late, but they live.
  if pg_postmaster_start_time() > now() - interval '10 seconds'
     or exists (select 1 from darkroom.worker w
                 where w.id = rescue_for.worker
                   and (w.steady_since > now() - interval '10 seconds'
                        or w.beat_ms > 0 and not darkroom.is_steady(w)))
  then
    return 0;
  end if;
  return darkroom.rescue();
end
$$;
comment on function darkroom.rescue_for is
  'rescue() for a worker that has seen no outage of the database, and no jump of its clock, within the '
  'last ten seconds.';

create or replace function darkroom.register(worker text, lock_key bigint, version text,
  options jsonb default '{}') returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.worker as w (id, lock_key, version, beat_ms, assignments)
  values (worker, register.lock_key, register.version,
          least(greatest(coalesce((options->>'beatMs')::int, 0), 0), 60000), options->'assignments')
  on conflict (id) do update set heartbeat_at = now(), lock_key = register.lock_key,
    beat_ms = excluded.beat_ms, assignments = excluded.assignments;
  perform darkroom.rescue_for(worker);
  return '{"registered":true}';
end
$$;
comment on function darkroom.register is
  'Registers a worker, and rescues the jobs of dead ones. options: beatMs, the interval of its '
  'heartbeats; assignments, the provider and model of its calls.';

create or replace function darkroom.heartbeat(worker text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update darkroom.worker w
     set heartbeat_at = now(),
         steady_since = case when darkroom.is_steady(w) then w.steady_since else now() end
   where w.id = heartbeat.worker;
  if not found then
    return '{"registered":false}';
  end if;
  return jsonb_build_object('registered', true, 'rescued', darkroom.rescue_for(worker));
end
$$;
comment on function darkroom.heartbeat is
  'Shows that the worker lives, and rescues jobs of dead ones. A gap between two heartbeats shows '
  'an outage or a jump of the clock.';

-- -- claiming
-- ---------------------------------------------------------------------------------------
--
-- Functions without `security definer` run only inside claim_for(), with its rights and search
-- path. They are written in PL/pgSQL because it keeps their plans; a function in SQL is planned at
-- each call.

-- Without `set`, so that Postgres puts the expression into the statement.
create or replace function darkroom.counted_cost(call darkroom.model_call) returns bigint
language sql immutable as $$
  select coalesce(call.cost_microusd, case when call.finished_at is null
           or coalesce(call.http_status, 0) in (0, 200) then call.max_cost_microusd end, 0)
$$;
comment on function darkroom.counted_cost is
  'Cost of a call in millionths of a US dollar. An open call, and one whose response was lost, count with '
  'their maximum.';

create or replace function darkroom.spent_today() returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  today constant date := (now() at time zone 'utc')::date;
  known darkroom.daily_spend;
  total bigint;
begin
  select * into known from darkroom.daily_spend d where d.day = today;
  if known.computed_at > now() - interval '1 second' then
    return known.microusd;
  end if;
  select coalesce(sum(darkroom.counted_cost(c)), 0)::bigint
    into total from darkroom.model_call c where c.sent_at >= today::timestamp at time zone 'utc';
  insert into darkroom.daily_spend (day, microusd, computed_at) values (today, total, now())
  on conflict (day) do update set microusd = excluded.microusd, computed_at = excluded.computed_at;
  return total;
end
$$;
comment on function darkroom.spent_today is
  'Cost of the calls since midnight UTC in millionths of a US dollar, computed at most once a '
  'second.';

create or replace function darkroom.limit_types(types text[], assigned jsonb, limits jsonb)
returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  -- The calls of a job go to the provider and model that its worker assigned to its kind of call.
  with running as (
    select a.value as name, count(*) as jobs
      from public.job_queue q
      join darkroom.worker w on w.id = q.darkroom_leased_by
      join lateral jsonb_each_text(w.assignments->
             case when q.job_type = 'generate-aplus' then 'text' else 'image' end) a on true
     where q.status = 'processing' and q.darkroom_lease_until < 'infinity'
       and q.job_type in ('generate-image', 'regenerate-image', 'generate-aplus')
     group by a.value
  ), room as (
    select kind.name as kind, min(greatest((limits->>a.value)::int - coalesce(r.jobs, 0), 0))
      as room
      from unnest(array['image', 'text']) kind(name)
      join lateral jsonb_each_text(assigned->kind.name) a on limits ? a.value
      left join running r on r.name = a.value
     group by kind.name
  )
  select jsonb_build_object(
    'types', (select coalesce(jsonb_agg(t), '[]') from unnest(types) t where not exists (
       select 1 from room where room.room = 0 and case room.kind when 'text'
         then t = 'generate-aplus'
         else t in ('generate-image', 'regenerate-image') end)),
    'room', (select min(room.room) from room where room.room > 0))
$$;
comment on function darkroom.limit_types is
  'The types whose provider and model may start another job, and how many at most.';

-- -- pauses by operators --------------------------------------------------------------------------

create table if not exists darkroom.claim_pause (
  kind text not null check (kind in ('type', 'user', 'provider')),
  name text not null,
  reason text not null default '',
  models text[] not null default '{}',
  since timestamptz not null default now(),
  primary key (kind, name)
);
comment on table darkroom.claim_pause is 'What operators have paused: no worker claims such jobs.';
comment on column darkroom.claim_pause.kind is 'type, user or provider.';
comment on column darkroom.claim_pause.name is 'A job type, the id of a user, or a provider.';
comment on column darkroom.claim_pause.reason is 'Why, for operators.';
comment on column darkroom.claim_pause.models is
  'Of a provider: its models, since an image of a batch may name one.';
comment on column darkroom.claim_pause.since is 'When the pause began.';

create or replace function darkroom.unpaused_types(types text[], assigned jsonb) returns text[]
language plpgsql stable as $$
begin
  return array(select t from unnest(types) t where not exists (
    select 1 from darkroom.claim_pause p
     where p.kind = 'type' and p.name = t
        -- Chunks of the Batch API go on: their results would expire at the provider.
        or p.kind = 'provider' and t <> 'batch-api' and p.name = assigned
             ->(case when t in ('generate-aplus', 'generate-complete-pack') then 'text' else 'image' end)
             ->>'provider'));
end
$$;
comment on function darkroom.unpaused_types is
  'The job types that a worker may claim: not those that are paused, and not those whose calls it '
  'sends to a paused provider.';

drop function if exists darkroom.paused_by_model();
create function darkroom.paused_by_model() returns jsonb
language plpgsql stable as $$
begin
  return (select coalesce(jsonb_object_agg(j.id, true), '{}') from (
    select i.job_id as id from darkroom.claim_pause p
      join darkroom.batch_item i on i.model = any(p.models)
     where p.kind = 'provider' and i.state = 'queued' and i.job_id is not null
    union all
    select c.job_id from darkroom.claim_pause p
      join darkroom.batch_api_chunk c on c.model = any(p.models)
     where p.kind = 'provider' and c.state = 'open') j);
end
$$;
comment on function darkroom.paused_by_model is
  'Jobs of batches that name a model of a paused provider and have not been sent: an object with their '
  'ids as keys, in which a claim finds an id by a binary search.';

drop view if exists darkroom.pending_job;
create view darkroom.pending_job as
  select q.id, (coalesce(q.user_id, '') collate "C") as seller, q.darkroom_priority as priority,
         q.darkroom_run_at as run_at, q.created_at, q.job_type, q.darkroom_losses as losses,
         q.user_id
    from public.job_queue q
   where q.status = 'pending' and q.job_type in ('generate-image', 'generate-complete-pack',
     'generate-aplus', 'regenerate-image', 'batch-api');
comment on view darkroom.pending_job is
  'The rows of the index darkroom_ready. Jobs of other types are not for darkroom.';

create or replace function darkroom.first_payers(jobs uuid[]) returns text[]
language plpgsql as $$
begin
  return (select array_agg(payer.user_id order by payer.user_id)
    from (select distinct q.user_id from public.job_queue q
           where q.id = any(jobs) and q.user_id is not null
             and (select c.job_id from darkroom.charge c where c.job_id = q.id) is null) payer
    left join lateral (select true from darkroom.account a where a.user_id = payer.user_id
                          for no key update skip locked) mine(locked) on true
   where mine.locked is null);
end
$$;
comment on function darkroom.first_payers is
  'Returns the users who pay for jobs that are claimed for the first time, and whose account could '
  'not be locked. Null if there are none.';

drop function if exists darkroom.pick_level(int, int, text[], int, text[], text);
drop function if exists darkroom.pick_level(int, int, text[], int, text[], uuid[], text);
create or replace function darkroom.pick_level(below int, slots int, types text[], per_seller int,
  locked text[], refused jsonb, after text, out level int, out picked uuid[], out payers text[],
  out last_seller text)
language plpgsql as $$
declare
  most constant int := least(16 * slots, 64); -- sellers that one claim considers
  only_seller text;
begin
  picked := '{}';
  -- The orders are those of darkroom_ready, backwards and forwards, so that each statement reads
  -- one entry of this index.
  select j.priority, j.seller into level, only_seller from darkroom.pending_job j
   where j.priority < below
   order by j.priority desc, j.seller desc, j.run_at desc, j.created_at desc limit 1;
  if level is null then
    return;
  end if;
  if after is null and per_seller is null and locked = '{}' then
    perform 1 from darkroom.pending_job j where j.priority = level and j.seller < only_seller
      order by j.seller, j.run_at, j.created_at limit 1;
    if not found then
      picked := array(
        select p.id from darkroom.pending_job p
         where p.priority = level and p.seller = only_seller
           and p.run_at <= now() and p.job_type = any(types) and p.losses < 2
           and not refused ? p.id::text
         order by p.run_at, p.created_at limit slots for update skip locked);
      perform 1 from darkroom.account a where a.user_id = only_seller for no key update skip locked;
      if not found then
        payers := darkroom.first_payers(picked);
      end if;
      return;
    end if;
  end if;
  with recursive running as (
    select coalesce(q.user_id, '') as seller, count(*) as jobs, sum(q.darkroom_cost) as cost
      from public.job_queue q
     where q.status = 'processing' and q.darkroom_lease_until < 'infinity' group by 1
  ), sellers as ( -- each with its first job, by one index lookup each
    (select j.seller, j.run_at, j.created_at,
            j.job_type = any(types) and j.losses < 2 and not refused ? j.id::text as ready, 1 as n, 0 as idle
       from darkroom.pending_job j
      -- chr(1) is the lowest character: greater than `after`, or any seller
      where j.priority = level and j.seller >= coalesce(after || chr(1), '')
      order by j.seller, j.run_at, j.created_at limit 1)
    union all
    select j.*, s.n + 1, i.idle from sellers s
     cross join lateral (
       select s.idle + (s.ready and s.run_at <= now() and s.seller <> all(locked) and s.seller <>
         all(array(select r.seller from running r)))::int as idle) i
     cross join lateral (
       select p.seller, p.run_at, p.created_at,
              p.job_type = any(types) and p.losses < 2 and not refused ? p.id::text
         from darkroom.pending_job p
        where p.priority = level and p.seller > s.seller
        order by p.seller, p.run_at, p.created_at limit 1) j
     -- sellers with nothing in flight come first, here in this order: enough of them are enough
     where s.n < most and (after is null or i.idle < slots)
  ), loads as (
    select s.seller, s.run_at, s.created_at, s.ready, coalesce(r.cost, 0) as cost,
           case when after is not null or (select count(*) from sellers) = most
                then s.n end as place,
           greatest(least(slots, per_seller - coalesce(r.jobs, 0),
                          ceil(16.0 * slots / count(*) over ())), 0) as room
      from sellers s left join running r on r.seller = s.seller
     where s.run_at <= now() and s.seller <> all(locked)
  ), candidates as ( -- if the first job of a seller is too late for a slot, so are the others
    select l.*, row_number() over (partition by l.ready
                                       order by l.cost, l.place, l.run_at, l.created_at) as rank
      from loads l where l.room > 0
  ), turns as ( -- a seller's jobs queue behind what the seller has in flight; 6 = a usual price
    select c.seller, c.place, j.run_at, j.created_at,
           c.cost + 6 * row_number() over (partition by c.seller
                                               order by j.run_at, j.created_at) as turn
      from candidates c cross join lateral (
        select p.run_at, p.created_at from darkroom.pending_job p
         where p.priority = level and p.seller = c.seller
           and p.run_at <= now() and p.job_type = any(types) and p.losses < 2
           and not refused ? p.id::text
         order by p.run_at, p.created_at limit c.room) j
     where c.rank <= slots or not c.ready
     order by turn, c.place, j.run_at, j.created_at limit slots
  )
  select array_agg(j.id), array_agg(j.user_id) filter (where j.user_id is not null
           and (select true from darkroom.account a where a.user_id = j.user_id
                   for no key update skip locked) is null),
         (select t.seller from turns t where t.place is not null order by t.place desc limit 1)
    into picked, payers, last_seller
    from (select t.seller, count(*) as jobs from turns t group by 1) share
   cross join lateral (
     select p.id, p.user_id from darkroom.pending_job p
      where p.priority = level and p.seller = share.seller
        and p.run_at <= now() and p.job_type = any(types) and p.losses < 2
        and not refused ? p.id::text
      order by p.run_at, p.created_at limit share.jobs for update skip locked) j;
  if payers is not null then
    payers := darkroom.first_payers(picked);
  end if;
end
$$;
comment on function darkroom.pick_level is
  'Locks and returns the jobs that start next, of the highest priority below a given one, and locks '
  'the accounts of their users. Sellers take turns: the one with the least in flight comes first, '
  'then the one that waits longest. If more sellers wait than a claim considers, the next one '
  'continues after last_seller. refused: an object with the ids of jobs that are left out. payers: '
  'users who pay for these jobs and whose account does not exist or is locked by another session.';

drop function if exists darkroom.pick_jobs(int, text[], int, text[], text);
drop function if exists darkroom.pick_jobs(int, text[], int, text[], uuid[], text);
create or replace function darkroom.pick_jobs(slots int, types text[], per_seller int,
  locked text[], refused jsonb, inout after text, out picked uuid[], out payers text[])
language plpgsql as $$
declare
  level int := 32768;
  begun text := after;
  chosen record;
begin
  after := null;
  picked := '{}';
  loop
    chosen := darkroom.pick_level(level, slots - cardinality(picked), types, per_seller, locked,
                                  refused, begun);
    exit when chosen.level is null;
    picked := picked || chosen.picked;
    payers := payers || chosen.payers;
    if begun is not null and cardinality(picked) < slots then -- from the first seller again
      chosen := darkroom.pick_level(level, slots, types, per_seller, locked, refused, null);
      picked := (array(select distinct unnest(picked || chosen.picked)))[1:slots];
      payers := payers || chosen.payers;
    end if;
    after := coalesce(after, chosen.last_seller);
    begun := null;
    level := chosen.level;
    exit when cardinality(picked) >= slots;
  end loop;
end
$$;
comment on function darkroom.pick_jobs is
  'Locks and returns the jobs that start next, higher priorities first, and payers as pick_level(). '
  '`after` carries the position among many waiting sellers from claim to claim.';

create or replace function darkroom.jobs_of_batch(batch text) returns setof uuid
language plpgsql stable as $$
begin
  return query
    select i.job_id from darkroom.batch_item i
     where i.batch_id = jobs_of_batch.batch and i.state = 'queued'
    union all
    select c.job_id from darkroom.batch_api_chunk c where c.batch_id = jobs_of_batch.batch;
end
$$;
comment on function darkroom.jobs_of_batch is
  'Returns the jobs of the open items and chunks of a batch.';

drop function if exists darkroom.pick_of_batch(int, text[], text);
drop function if exists darkroom.pick_of_batch(int, text[], text, uuid[]);
create or replace function darkroom.pick_of_batch(slots int, types text[], batch text,
  refused jsonb) returns uuid[]
language plpgsql as $$
begin
  return (select coalesce(array_agg(j.id), '{}') from (
    select p.id from darkroom.pending_job p join darkroom.jobs_of_batch(batch) own on own = p.id
     where p.run_at <= now() and p.job_type = any(types) and p.losses < 2
       and not refused ? p.id::text and not darkroom.is_paused(p.id)
       and p.seller <> all(array(select x.name from darkroom.claim_pause x where x.kind = 'user'))
     order by p.priority desc, p.run_at, p.created_at limit slots for update of p skip locked) j);
end
$$;
comment on function darkroom.pick_of_batch is 'The same for the jobs of one batch.';

drop function if exists darkroom.pick_suspect(text, text[], text);
drop function if exists darkroom.pick_suspect(text, text[], text, text);
drop function if exists darkroom.pick_suspect(text, text[], text[], text, text, uuid[]);
create or replace function darkroom.pick_suspect(worker text, types text[], affordable text[],
  batch text, spool text, refused jsonb, out holds_back boolean, out picked uuid[])
language plpgsql as $$
declare
  held int;
  suspects int;
  suspect uuid;
begin
  holds_back := false;
  picked := '{}';
  select count(*), count(*) filter (where q.darkroom_losses >= 2) into held, suspects
    from public.job_queue q where q.status = 'processing' and q.darkroom_leased_by = worker
     and q.darkroom_lease_until < 'infinity';
  if suspects > 0 then
    holds_back := true; -- it runs alone
    return;
  end if;
  -- A job whose paid answer lies in the spool of this worker is due before its run_at, which only
  -- holds back the workers without that answer (014_spool.sql).
  select p.id into suspect
    from darkroom.pending_job p
    left join darkroom.kept_answer k on k.job_id = p.id and k.spool = pick_suspect.spool
   where p.losses >= 2 and isfinite(p.run_at) and least(p.run_at, k.retry_at) <= now()
     and p.job_type = any(case when k.retry_at <= now() then types else affordable end)
     and not refused ? p.id::text and not darkroom.is_paused(p.id)
     and p.seller <> all(array(select x.name from darkroom.claim_pause x where x.kind = 'user'))
     and (batch is null or p.id in (select darkroom.jobs_of_batch(batch)))
   order by least(p.run_at, k.retry_at), p.created_at limit 1;
  if suspect is null or exists (
    select 1 from darkroom.worker w -- one worker at a time empties itself for them
     where w.id <> worker and w.runs_suspects and darkroom.heartbeat_is_fresh(w)) then
    update darkroom.worker w set runs_suspects = false where w.id = worker and w.runs_suspects;
    return;
  end if;
  update darkroom.worker w set runs_suspects = true where w.id = worker and not w.runs_suspects;
  holds_back := true;
  if held = 0 then
    picked := array(select p.id from darkroom.pending_job p where p.id = suspect
                       for update skip locked);
  end if;
end
$$;
comment on function darkroom.pick_suspect is
  'A job whose workers died twice runs alone in one worker, so that the next death counts against '
  'it and not against its neighbours. One whose answer is kept starts no call, so it needs none of '
  'the types that limits and budget leave affordable. holds_back: this worker starts nothing else now.';

-- Two claims for one seller follow each other within milliseconds. A session that holds an account
-- for longer waits for something itself.
create or replace function darkroom.wait_for_accounts(payers text[]) returns text[]
language plpgsql set lock_timeout = '25ms' as $$
declare
  payer text;
  locked text[] := '{}';
begin
  foreach payer in array array(select distinct unnest(payers) order by 1) loop
    begin
      perform darkroom.lock_account(payer);
    exception when lock_not_available then
      locked := locked || payer;
    end;
  end loop;
  return locked;
end
$$;
comment on function darkroom.wait_for_accounts is
  'Creates accounts that do not exist, and locks all. Returns those that another session keeps '
  'locked.';

drop function if exists darkroom.lock_accounts(uuid[]);
drop function if exists darkroom.claimed(uuid[]);
create or replace function darkroom.leave_out(job uuid, why text) returns void
language plpgsql as $$
begin
  insert into darkroom.unclaimable_job (job_id, reason) values (job, why)
  on conflict (job_id) do update set reason = excluded.reason, since = now();
end
$$;
comment on function darkroom.leave_out is
  'Leaves a job that cannot be claimed out of claims for a minute.';

create or replace function darkroom.lease_jobs(worker text, jobs uuid[], lease_ms bigint)
  returns jsonb
language plpgsql as $$
declare
  q record;
  recorded record;
  credits jsonb := '{}';
  leases jsonb := '[]';
begin
  -- Without RETURNING in a WITH query, which a table with rules does not accept.
  update public.job_queue j
     set status = 'processing', processed_at = now(), darkroom_leased_by = worker,
         darkroom_lease = darkroom.next_lease(j.darkroom_lease),
         darkroom_lease_until = now() + lease_ms * interval '1 ms',
         darkroom_cost = case j.job_type when 'generate-aplus' then 20 else 6 end
   where j.id = any(jobs);
  for q in
    select j.id, j.job_type, j.user_id, j.retry_count, j.max_retries, j.created_at,
           j.status = 'processing' and j.darkroom_leased_by = worker as leased, j.darkroom_lease,
           darkroom.bounded_payload(j.payload) as payload
      from public.job_queue j where j.id = any(jobs)
     order by j.darkroom_priority desc, j.darkroom_run_at, j.created_at
  loop
    if q.leased is distinct from true then
      perform darkroom.leave_out(q.id, 'a trigger or rule of the application does not let the row change');
      continue;
    end if;
    -- The first claim of a job records what it is about, its price and its slot. A later one finds
    -- that.
    recorded := darkroom.record_claim(q.id, q.job_type, q.payload, q.user_id, credits);
    credits := recorded.credits;
    -- Numbers are clamped to what the program reads. Type and payload are the recorded ones.
    leases := leases || jsonb_build_object('id', q.id, 'type', left(recorded.kind, 100),
      'payload', recorded.payload::text,
      'user', coalesce(q.user_id, ''), 'lease', q.darkroom_lease,
      'attempt', least(greatest(coalesce(q.retry_count, 0), 0), 1000000) + 1,
      'maxRetries', least(greatest(coalesce(q.max_retries, 3), 0), 1000000),
      'createdMs', darkroom.epoch_ms(q.created_at, now()));
  end loop;
  return leases;
end
$$;
comment on function darkroom.lease_jobs is
  'Gives locked jobs to a worker: sets state, holder and the next lease number, and returns the '
  'jobs as the worker reads them. A job whose row a trigger or rule of the application keeps as it is, is '
  'left out.';

create or replace function darkroom.lease_each(worker text, jobs uuid[], lease_ms bigint)
  returns jsonb
language plpgsql as $$
declare
  job uuid;
  leases jsonb := '[]';
begin
  foreach job in array jobs loop
    begin
      leases := leases || darkroom.lease_jobs(worker, array[job], lease_ms);
    exception when others then
      if darkroom.is_passing(sqlstate) then
        raise;
      end if;
      perform darkroom.leave_out(job, sqlerrm);
    end;
  end loop;
  return leases;
end
$$;
comment on function darkroom.lease_each is
  'lease_jobs() one by one: a job that cannot be claimed, because a constraint or trigger of the '
  'application rejects its row, is recorded, and left out of claims for a minute.';

create or replace function darkroom.lease_requested(worker text, jobs uuid[], request jsonb)
  returns jsonb
language plpgsql as $$
begin
  return case when coalesce(cardinality(jobs), 0) = 0 then '[]'
    when (request->>'oneByOne')::boolean
      then darkroom.lease_each(worker, jobs, (request->>'leaseMs')::bigint)
    else darkroom.lease_jobs(worker, jobs, (request->>'leaseMs')::bigint) end;
end
$$;
comment on function darkroom.lease_requested is
  'lease_jobs(), or lease_each() if the worker''s last claim has failed.';

drop function if exists darkroom.pick_payable(text, int, text[], int);
drop function if exists darkroom.pick_payable(int, text[], int, text);
drop function if exists darkroom.pick_payable(int, text[], int, uuid[], text);
create or replace function darkroom.pick_payable(slots int, types text[], per_seller int,
  refused jsonb, inout place text, out taken uuid[], out others_wait boolean)
language plpgsql as $$
declare
  begun constant text := place;
  paused constant text[] := array(select p.name from darkroom.claim_pause p where p.kind = 'user');
  locked text[] := paused;
  blocked text[];
  chosen record;
begin
  for round in 1..3 loop -- sellers whose account stays locked give their turn to others
    chosen := darkroom.pick_jobs(slots, types, per_seller, locked, refused, begun);
    taken := chosen.picked;
    blocked := '{}';
    exit when chosen.payers is null;
    blocked := darkroom.wait_for_accounts(chosen.payers);
    exit when blocked = '{}';
    taken := array(select q.id from public.job_queue q where q.id = any(chosen.picked)
                      and (q.user_id is null or q.user_id <> all(blocked)));
    exit when cardinality(taken) >= slots;
    locked := locked || blocked;
  end loop;
  place := chosen.after;
  others_wait := blocked <> '{}' or locked <> paused;
end
$$;
comment on function darkroom.pick_payable is
  'Locks and returns the jobs that start next, and the accounts that pay for them. `place` is the '
  'position among very many waiting sellers. others_wait: jobs of a seller whose account another '
  'session has locked stay in the queue.';

create or replace function darkroom.claim_for(worker text, request jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan set jit = off set enable_bitmapscan = off
set enable_seqscan = off as $$
declare
  slots int := (request->>'slots')::int;
  batch constant text := request->>'batch';
  limits constant jsonb := coalesce(request->'limits', '{}');
  budget constant bigint := (request->>'dailyBudget')::bigint;
  own record;
  types text[];
  room jsonb;
  suspect record;
  chosen record;
  jobs uuid[];
  leases jsonb;
  again boolean := false;
  held boolean := false;
  refused jsonb;
begin
  if limits <> '{}' or budget is not null then
    -- Two claims must not both take the last place. The lock lasts as long as this statement.
    perform pg_advisory_xact_lock(720726172);
  end if;
  if budget is not null then
    held := darkroom.spent_today() >= budget;
  end if;
  select array(select jsonb_array_elements_text(request->'types')) as types,
         w.assignments, w.next_seller as place,
         exists (select 1 from public.job_queue q where q.darkroom_losses >= 2
                    and q.status in ('pending', 'processing')) as has_suspects,
         (select coalesce(jsonb_object_agg(u.job_id, true), '{}') from darkroom.unclaimable_job u
           where u.since > now() - interval '1 minute') as refused,
         exists (select 1 from darkroom.claim_pause p where p.kind <> 'user') as has_pauses
    into own from (select) x left join darkroom.worker w on w.id = worker;
  types := own.types;
  refused := own.refused;
  if own.has_pauses then
    types := darkroom.unpaused_types(types, own.assignments);
    refused := refused || darkroom.paused_by_model();
  end if;
  if held then
    types := '{}';
  elsif limits <> '{}' then
    room := darkroom.limit_types(types, own.assignments, limits);
    types := array(select jsonb_array_elements_text(room->'types'));
    slots := least(slots, (room->>'room')::int);
  end if;
  if own.has_suspects then
    select * into suspect
      from darkroom.pick_suspect(worker, own.types, types, batch, request->>'spool', refused);
    jobs := case when suspect.holds_back then suspect.picked end;
  end if;
  if held and coalesce(cardinality(jobs), 0) = 0 then
    return '{"jobs":[],"held":"budget"}';
  end if;
  if jobs is null and batch is not null then
    jobs := darkroom.pick_of_batch(slots, types, batch, refused);
  elsif jobs is null then
    chosen := darkroom.pick_payable(slots, types, (limits->>'user')::int, refused, own.place);
    if cardinality(chosen.taken) = 0 and darkroom.rescue_for(worker) > 0 then
      chosen := darkroom.pick_payable(slots, types, (limits->>'user')::int, refused,
                                      chosen.place);
    end if;
    if chosen.place is distinct from own.place then
      update darkroom.worker w set next_seller = chosen.place where w.id = worker;
    end if;
    jobs := chosen.taken;
    again := chosen.others_wait;
  end if;
  leases := darkroom.lease_requested(worker, jobs, request);
  if jsonb_array_length(leases) < cardinality(jobs) then -- others may start in their place
    again := true;
    refused := (select jsonb_object_agg(u.job_id, left(u.reason, 300))
                  from darkroom.unclaimable_job u where u.since = now());
  else
    refused := null;
  end if;
  return jsonb_build_object('jobs', leases)
    || case when refused is null then '{}' else jsonb_build_object('refused', refused) end
    || case when again then '{"again":true}' else '{}'::jsonb end;
end
$$;
comment on function darkroom.claim_for is
  'Claims jobs for a worker. request: slots, types, leaseMs; optional batch, limits (jobs in '
  'flight across all workers by "user", provider or model), dailyBudget (millionths of a US '
  'dollar) and oneByOne, see lease_each(). refused names the jobs that this leaves out; held says why nothing starts; again, that a seller''s account was locked: claim again '
  'soon.';

create or replace function darkroom.claim_jobs(worker text, slots int, types text[],
  lease_ms bigint, batch text default null) returns jsonb
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select darkroom.claim_for($1, jsonb_build_object('slots', $2, 'types', to_jsonb($3),
           'leaseMs', $4, 'batch', $5))->'jobs'
$$;
comment on function darkroom.claim_jobs is 'claim_for() without limits. Returns the jobs.';

create or replace function darkroom.return_unknown_jobs(worker text, known uuid[],
  only_expired boolean default false) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  unknown constant uuid[] := array(
    select q.id from public.job_queue q
     where q.status = 'processing' and q.darkroom_leased_by = worker and q.id <> all(known)
       and q.darkroom_lease_until < 'infinity'
       and (not only_expired or q.darkroom_lease_until < now())
       for update skip locked);
begin
  if unknown <> '{}' then
    perform darkroom.return_each(unknown);
    perform pg_notify('darkroom_jobs', '');
  end if;
  return '{"returned":true}';
end
$$;
comment on function darkroom.return_unknown_jobs is
  'Returns jobs to the queue that a worker holds without knowing it, because the reply to its '
  'claim was lost: all but the known ones, or those of them whose lease has expired.';

create or replace function darkroom.renew_leases(worker text, leases jsonb, lease_ms bigint)
returns uuid[]
language plpgsql as $$
declare
  kept uuid[];
begin
  with mine as (
    select (l->>'id')::uuid as id, (l->>'lease')::bigint as lease
      from jsonb_array_elements(leases) l
  ), renewed as (
    update public.job_queue q set darkroom_lease_until = now() + lease_ms * interval '1 ms'
      from mine where q.id = mine.id and q.darkroom_lease = mine.lease
       and q.darkroom_leased_by = worker and q.status = 'processing'
       and q.darkroom_lease_until < 'infinity'
    returning q.id
  )
  select coalesce(array_agg(id), '{}') into kept from renewed;
  return kept;
exception when others then
  if darkroom.is_passing(sqlstate) then
    raise;
  elsif jsonb_array_length(leases) < 2 then
    return '{}';
  end if;
  select coalesce(array_agg(r.id), '{}') into kept from jsonb_array_elements(leases) l
   cross join lateral unnest(darkroom.renew_leases(worker, jsonb_build_array(l), lease_ms)) r(id);
  return kept;
end
$$;
comment on function darkroom.renew_leases is
  'Renews leases, and returns the jobs. One that the application''s tables reject is lost alone.';

create or replace function darkroom.renew(worker text, leases jsonb, lease_ms bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  alive constant jsonb := darkroom.heartbeat(worker);
  kept constant uuid[] := darkroom.renew_leases(worker, leases, lease_ms);
begin
  -- Only expired ones: the reply to a claim may be on its way.
  perform darkroom.return_unknown_jobs(worker, kept, true);
  return jsonb_build_object('kept', to_jsonb(kept), 'registered', alive->'registered');
end
$$;
comment on function darkroom.renew is
  'Renews the leases of a worker and returns jobs that it does not know to the queue. registered is '
  'false if the worker has no row: it must register again.';

create or replace function darkroom.return_jobs(worker text, leases jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held constant uuid[] := array(
    select q.id from (select (l->>'id')::uuid as id, (l->>'lease')::bigint as lease
                        from jsonb_array_elements(leases) l) mine
      join public.job_queue q on q.id = mine.id and q.darkroom_lease = mine.lease
     where q.darkroom_leased_by = worker and q.status = 'processing'
       and q.darkroom_lease_until < 'infinity' for update of q);
begin
  if held <> '{}' then
    perform darkroom.return_each(held);
    perform pg_notify('darkroom_jobs', '');
  end if;
  return '{"returned":true}';
end
$$;
comment on function darkroom.return_jobs is
  'Returns jobs to their place in the queue. Spends no attempt.';

create or replace function darkroom.deregister(worker text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held constant uuid[] := array(select q.id from public.job_queue q
    where q.status = 'processing' and q.darkroom_leased_by = worker
      and q.darkroom_lease_until < 'infinity' for update);
begin
  if held <> '{}' then
    perform darkroom.return_each(held);
    perform pg_notify('darkroom_jobs', '');
  end if;
  delete from darkroom.worker w where w.id = deregister.worker;
  return '{"deregistered":true}';
end
$$;
comment on function darkroom.deregister is
  'Removes a worker and returns its jobs to the queue. Spends no attempt.';

create or replace function darkroom.remaining_jobs(types text[]) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select jsonb_build_object(
    'ready', count(*) filter (where status = 'pending' and darkroom_run_at <= now()),
    'waiting', count(*) filter (where status = 'pending' and darkroom_run_at > now()
      and isfinite(darkroom_run_at)),
    -- A pack waits for its parts, which are counted themselves. One whose parts have ended is about
    -- to be settled.
    'running', count(*) filter (where status = 'processing')
      + (select count(*) from darkroom.pack p where p.ended_at is null
            and not exists (select 1 from darkroom.pack_parts(p.job_id) x where x.state = 'open')),
    'nextMs', coalesce(ceil(extract(epoch from
       min(darkroom_run_at) filter (where status = 'pending' and darkroom_run_at > now()
         and isfinite(darkroom_run_at))
         - now()) * 1000), -1))
    from (select status, darkroom_run_at from public.job_queue
           where status = 'pending' and job_type = any(types)
          union all -- separate queries, each matching a partial index
          select status, darkroom_run_at from public.job_queue
           where status = 'processing' and job_type = any(types)
             and darkroom_lease_until is distinct from 'infinity') q);
end
$$;
comment on function darkroom.remaining_jobs is 'Counts the jobs that a drain still has to process.';

create or replace function darkroom.wake() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('darkroom_jobs', '');
  return null;
end
$$;
comment on function darkroom.wake is
  'Sends one empty notification per statement that inserts jobs.';
create or replace trigger darkroom_wake after insert on public.job_queue
  for each statement execute function darkroom.wake();
