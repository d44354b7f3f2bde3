-- 005_host_functions.sql - replaces the application's four queue functions with correct ones that
-- have the same signatures. Their callers hold leases under the name 'legacy'.

create table if not exists darkroom.host_function (
  signature text primary key,
  definition text not null,
  granted_to text[] not null
);
comment on table darkroom.host_function is
  'The host applications own queue functions before darkroom replaced them. `darkroom migrate '
  '--undo` restores them.';
comment on column darkroom.host_function.signature is 'Name and argument types.';
comment on column darkroom.host_function.definition is 'Statement that creates the function.';
comment on column darkroom.host_function.granted_to is
  'Roles that may execute it; public means every role.';
insert into darkroom.host_function (signature, definition, granted_to)
select p.oid::regprocedure::text, pg_get_functiondef(p.oid),
       array(select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end
               from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
              where a.privilege_type = 'EXECUTE')
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.prosrc not like '%darkroom.%'
   and p.proname in ('get_next_job', 'mark_job_processing', 'mark_job_completed',
                     'mark_job_failed')
on conflict do nothing;

create or replace function public.get_next_job()
returns table (id uuid, job_type text, payload jsonb, retry_count int, max_retries int,
               user_id text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  taken uuid;
begin
  with picked as materialized (
    select q.id from public.job_queue q
     where q.status = 'pending' and q.darkroom_run_at <= now()
       and q.job_type not in ('regenerate-image', 'batch-api')
       and not exists (select 1 from darkroom.claim_pause p
                        where p.kind = 'type' and p.name = q.job_type
                           or p.kind = 'user' and p.name = q.user_id)
     order by q.darkroom_priority desc, q.created_at limit 1 for update skip locked
  )
  update public.job_queue q
     set status = 'processing', processed_at = now(),
         darkroom_lease = darkroom.next_lease(q.darkroom_lease), darkroom_leased_by = 'legacy',
         darkroom_lease_until = now() + interval '15 minutes'
    from picked where q.id = picked.id
  returning q.id into taken;
  if taken is null then
    return;
  end if;
  perform darkroom.record_first_claim(array[taken]);
  -- The complete payload, unless it was changed since the job was recorded.
  return query select q.id, (darkroom.recorded_job(q.id)).job_type, case when darkroom.payload_of(q.id, q.payload)
                                               = darkroom.bounded_payload(q.payload) then q.payload
                                             else darkroom.payload_of(q.id, q.payload) end,
                      least(greatest(coalesce(q.retry_count, 0), 0), 2147483647)::int,
                      least(greatest(coalesce(q.max_retries, 3), 0), 2147483647)::int, q.user_id
                 from public.job_queue q where q.id = taken;
end
$$;
comment on function public.get_next_job is
  'Claims the oldest pending job for the caller, of a type and a user that no operator has paused.';

create or replace function public.mark_job_processing(job_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  -- get_next_job() has claimed its job already. This claims a job that the caller found itself.
  update public.job_queue q
     set status = 'processing', processed_at = now(),
         darkroom_lease = darkroom.next_lease(q.darkroom_lease), darkroom_leased_by = 'legacy',
         darkroom_lease_until = now() + interval '15 minutes'
   where q.id = mark_job_processing.job_id and coalesce(q.status, 'pending') = 'pending';
  if found then
    perform darkroom.record_first_claim(array[mark_job_processing.job_id]);
  end if;
end
$$;
comment on function public.mark_job_processing is 'Claims a pending job. Changes no other job.';

create or replace function darkroom.host_may_end(q public.job_queue) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(q.status, 'pending') in ('pending', 'processing')
     and not (q.status = 'processing' and q.darkroom_leased_by is distinct from 'legacy'
              and coalesce(q.darkroom_lease_until > now(), false))
$$;
comment on function darkroom.host_may_end is
  'True for a job that the application''s functions may end: it has not ended, and no worker holds '
  'a live lease of it.';

create or replace function public.mark_job_completed(job_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
  project text;
begin
  select * into q from public.job_queue j where j.id = mark_job_completed.job_id for no key update;
  if not found or not darkroom.host_may_end(q) then
    return;
  end if;
  perform darkroom.record_first_claim(array[q.id]);
  update darkroom.charge c set state = 'delivered', by_host = true
   where c.job_id = q.id and c.state = 'open';
  update public.job_queue j
     set status = 'completed', completed_at = now(), darkroom_leased_by = 'legacy',
         darkroom_lease_until = null
   where j.id = q.id;
  project := (select p.id from public."Project" p
               where p.id = (darkroom.recorded_job(q.id)).project_id);
  delete from darkroom.slot s
   where s.project_id = project and s.slot = 'PACK' and s.job_id = q.id;
  perform darkroom.finish_slot(q.id, project, 'done');
end
$$;
comment on function public.mark_job_completed is
  'Completes a job that has not ended, unless a darkroom worker holds it.';

create or replace function public.mark_job_failed(job_id uuid, error_msg text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
  attempts int;
begin
  select * into q from public.job_queue j where j.id = mark_job_failed.job_id for no key update;
  if not found or not darkroom.host_may_end(q) then
    return;
  end if;
  attempts := least(greatest(coalesce(q.retry_count, 0), 0), 2147483646);
  if attempts >= least(coalesce(q.max_retries, 3), 2147483646) then
    perform darkroom.record_first_claim(array[q.id]);
    perform darkroom.fail_permanently(q.id, error_msg);
    return;
  end if;
  update public.job_queue j set retry_count = attempts + 1, error_message = error_msg
   where j.id = q.id;
  perform darkroom.return_to_queue(array[q.id],
    now() + least(2 ^ least(attempts, 8) * 2, 300) * interval '1 second');
end
$$;
comment on function public.mark_job_failed is
  'Schedules a retry while attempts are left; otherwise fails the job finally and refunds it. '
  'Changes a job that has not ended, unless a darkroom worker holds it.';

-- On Supabase every function in public can be called over REST. Browsers must not call these.
create or replace function darkroom.restrict_access() returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  host constant text := 'public.get_next_job(), public.mark_job_processing(uuid), '
    'public.mark_job_completed(uuid), public.mark_job_failed(uuid, text)';
  r text;
begin
  -- One statement for all functions, since the application waits meanwhile. Default privileges of
  -- the database can grant more than the schema's own statements do.
  for r in select 'public' union all
           select quote_ident(rolname) from pg_roles where rolname in ('anon', 'authenticated') loop
    execute format('revoke execute on all functions in schema darkroom from %s', r);
    execute format('revoke execute on function %s from %s', host, r);
    execute format('revoke all on schema darkroom from %s', r);
    execute format('revoke all on all tables in schema darkroom from %s', r);
    execute format('revoke all on all sequences in schema darkroom from %s', r);
  end loop;
  for r in select quote_ident(rolname) from pg_roles where rolname = 'service_role' loop
    execute format('grant execute on all functions in schema darkroom to %s', r);
    execute format('grant execute on function %s to %s', host, r);
    execute format('grant usage on schema darkroom to %s', r);
  end loop;
end
$$;
comment on function darkroom.restrict_access is
  'Revokes all rights from public, anon and authenticated, and grants execution to service_role. '
  'Runs at the end of each migration.';
