-- 003_claim.sql - leases: claim, renew, return and rescue.

create or replace function darkroom.update_project_status(project text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  want public."ProjectStatus";
begin
  perform 1 from public."Project" where id = project for no key update;
  select case when bool_or(state = 'open') then 'PROCESSING'
              when bool_or(state = 'failed') then 'FAILED'
              else 'COMPLETED' end::public."ProjectStatus"
    into want from darkroom.slot where project_id = project having count(*) > 0;
  update public."Project" set status = want, "updatedAt" = timezone('utc', now())
   where id = project and want is not null and status is distinct from want;
end
$$;
comment on function darkroom.update_project_status is
  'Derives the status of a project from its slots. Writes only a change.';

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
end
$$;
comment on function darkroom.finish_slot is
  'Records how the last job of a slot ended. A slot that is done stays done.';

create or replace function darkroom.record_first_claim(jobs uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform darkroom.record_jobs(jobs);
  perform darkroom.record_charges(jobs);
  -- An unpaid job must not change what sellers see of a project.
  perform darkroom.open_slots(array(select c.job_id from darkroom.charge c
                                     where c.job_id = any(jobs) and c.source <> 'unpaid'));
end
$$;
comment on function darkroom.record_first_claim is
  'At a first claim: records the job and its price, opens its slot and sets its project to '
  'PROCESSING.';

create or replace function darkroom.register(worker text, lock_key bigint, version text)
returns jsonb
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into darkroom.worker as w (id, lock_key, version) values ($1, $2, $3)
  on conflict (id) do update set heartbeat_at = now(), lock_key = $2
  returning '{"registered":true}'::jsonb
$$;
comment on function darkroom.register is 'Registers a worker.';

create or replace function darkroom.claim_jobs(worker text, slots int, types text[], lease_ms bigint,
  batch text default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  taken uuid[];
  fresh uuid[];
begin
  with picked as materialized (
    select q.id from public.job_queue q
     where q.status = 'pending' and q.darkroom_run_at <= now() and q.job_type = any(types)
       -- skips jobs that returned to the queue after their batch was paused
       and (q.job_type <> 'regenerate-image' or not exists (
         select 1 from darkroom.batch_item i join darkroom.batch b on b.id = i.batch_id
          where i.job_id = q.id and b.state = 'paused'))
       and (q.job_type <> 'batch-api' or not exists (
         select 1 from darkroom.batch_api_chunk c join darkroom.batch b on b.id = c.batch_id
          where c.job_id = q.id and c.state = 'open' and b.state = 'paused'))
       and (claim_jobs.batch is null or exists (
         select 1 from darkroom.batch_item i where i.job_id = q.id and i.batch_id = claim_jobs.batch)
         or exists (select 1 from darkroom.batch_api_chunk c
                     where c.job_id = q.id and c.batch_id = claim_jobs.batch))
     order by q.darkroom_priority desc, q.darkroom_run_at, q.created_at
     limit slots for update skip locked
  ), claimed as (
    update public.job_queue q
       set status = 'processing', processed_at = now(), darkroom_lease = q.darkroom_lease + 1,
           darkroom_leased_by = worker, darkroom_lease_until = now() + lease_ms * interval '1 ms'
      from picked where q.id = picked.id
    returning q.id, q.darkroom_lease
  )
  select array_agg(id), array_agg(id) filter (where darkroom_lease = 1 or not exists
           (select 1 from darkroom.charge c where c.job_id = claimed.id))
    into taken, fresh from claimed;
  if taken is null then
    return '[]'::jsonb;
  end if;
  if fresh is not null then
    perform darkroom.record_first_claim(fresh);
  end if;
  return (select jsonb_agg(jsonb_build_object('id', q.id, 'type', q.job_type,
            'payload', darkroom.payload_of(q.id, q.payload)::text, 'user', coalesce(q.user_id, ''), 'lease', q.darkroom_lease,
            'attempt', q.retry_count + 1, 'maxRetries', q.max_retries,
            'createdMs', floor(extract(epoch from q.created_at) * 1000))
            order by q.darkroom_priority desc, q.created_at)
            from public.job_queue q where q.id = any(taken));
end
$$;
comment on function darkroom.claim_jobs is
  'Claims at most `slots` jobs in one statement, of one batch if it is named: sets state, '
  'holder and the next lease number.';

create or replace function darkroom.worker_is_dead(w darkroom.worker) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select w.lock_key <> 0 and w.heartbeat_at < now() - interval '2 seconds'
     and w.started_at < now() - interval '5 seconds'
     and not exists (select 1 from pg_locks l
       where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
         and l.database = (select oid from pg_database where datname = current_database())
         and l.classid = (w.lock_key >> 32)::bigint::oid
         and l.objid = (w.lock_key & 4294967295)::bigint::oid)
$$;
comment on function darkroom.worker_is_dead is
  'True if the worker''s session has ended, which shows before its leases expire.';

create or replace function darkroom.rescue() returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r record;
  count int := 0;
begin
  for r in
    select q.id, q.darkroom_lease, q.darkroom_losses from public.job_queue q
     where q.status = 'processing' and q.darkroom_lease_until is not null
       and (q.darkroom_lease_until < now() or exists (
         select 1 from darkroom.worker w where w.id = q.darkroom_leased_by and darkroom.worker_is_dead(w)))
     order by q.user_id, q.payload->>'projectId', q.id -- the order in which accounts are locked
     for update skip locked
  loop
    count := count + 1;
    if r.darkroom_losses + 1 >= 5 then
      perform darkroom.fail_permanently(r.id, 'Generation was interrupted five times and has stopped. '
        || 'Try again later.');
    else
      update public.job_queue
         set status = 'pending', processed_at = null, darkroom_leased_by = null, darkroom_lease_until = null,
             darkroom_losses = darkroom_losses + 1, darkroom_run_at = now()
       where id = r.id;
      perform pg_notify('darkroom_jobs', '');
    end if;
  end loop;
  perform darkroom.settle_deleted_jobs(); -- last: it takes locks only if they are free
  delete from darkroom.worker w where w.heartbeat_at < now() - interval '1 hour';
  return count;
end
$$;
comment on function darkroom.rescue is
  'Returns jobs of dead workers to the queue: their lease expired or their session ended. '
  'Spends no attempt.';

create or replace function darkroom.renew(worker text, leases jsonb, lease_ms bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  kept jsonb;
begin
  update darkroom.worker w set heartbeat_at = now() where w.id = renew.worker;
  with mine as (
    select (l->>'id')::uuid as id, (l->>'lease')::bigint as lease
      from jsonb_array_elements(leases) l
  ), renewed as (
    update public.job_queue q set darkroom_lease_until = now() + lease_ms * interval '1 ms'
      from mine where q.id = mine.id and q.darkroom_lease = mine.lease and q.darkroom_leased_by = worker
       and q.status = 'processing'
    returning q.id
  )
  select coalesce(jsonb_agg(id), '[]') into kept from renewed;
  perform darkroom.rescue();
  return jsonb_build_object('kept', kept);
end
$$;
comment on function darkroom.renew is
  'Renews all leases of a worker, updates its heartbeat and rescues jobs of dead workers.';

create or replace function darkroom.return_jobs(worker text, leases jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.job_queue q
     set status = 'pending', processed_at = null, darkroom_leased_by = null, darkroom_lease_until = null,
         darkroom_run_at = now()
    from (select (l->>'id')::uuid as id, (l->>'lease')::bigint as lease
            from jsonb_array_elements(leases) l) mine
   where q.id = mine.id and q.darkroom_lease = mine.lease and q.darkroom_leased_by = worker
     and q.status = 'processing';
  if found then
    perform pg_notify('darkroom_jobs', '');
  end if;
  return '{"returned":true}';
end
$$;
comment on function darkroom.return_jobs is 'Returns jobs to the queue at once. Spends no attempt.';

create or replace function darkroom.deregister(worker text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.job_queue
     set status = 'pending', processed_at = null, darkroom_leased_by = null, darkroom_lease_until = null,
         darkroom_run_at = now()
   where darkroom_leased_by = worker and status = 'processing';
  if found then
    perform pg_notify('darkroom_jobs', '');
  end if;
  delete from darkroom.worker w where w.id = deregister.worker;
  return '{"deregistered":true}';
end
$$;
comment on function darkroom.deregister is
  'Removes a worker and returns its jobs to the queue. Spends no attempt.';

create or replace function darkroom.remaining_jobs(types text[]) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object(
    'ready', count(*) filter (where status = 'pending' and darkroom_run_at <= now()),
    'waiting', count(*) filter (where status = 'pending' and darkroom_run_at > now() and isfinite(darkroom_run_at)),
    'running', count(*) filter (where status = 'processing'),
    'nextMs', coalesce(ceil(extract(epoch from
       min(darkroom_run_at) filter (where status = 'pending' and darkroom_run_at > now() and isfinite(darkroom_run_at))
         - now()) * 1000), -1))
    from (select status, darkroom_run_at from public.job_queue
           where status = 'pending' and job_type = any(types)
          union all -- separate queries, each matching a partial index
          select status, darkroom_run_at from public.job_queue
           where status = 'processing' and job_type = any(types)) q
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
