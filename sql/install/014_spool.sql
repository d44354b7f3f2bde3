-- 014_spool.sql - jobs whose paid answer lies in a worker's spool folder.
--
-- A row of darkroom.kept_answer names the spool that holds the answer. Only workers with this spool
-- claim the job: from retry_at on, through claim_with_kept(). For all others its darkroom_run_at
-- lies later by the takeover time, which workers with the spool renew. So another worker takes the
-- job, and pays again, only if no worker with the spool has lived for that long.

create or replace function darkroom.leave_to_spools(jobs uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update darkroom.kept_answer k set retry_at = q.darkroom_run_at, place = q.darkroom_run_at
    from public.job_queue q
   where q.id = k.job_id and k.job_id = any(jobs) and q.status = 'pending'
     and isfinite(q.darkroom_run_at);
  perform darkroom.set_run_at(k.job_id, greatest(k.retry_at, now()) + k.takeover)
     from darkroom.kept_answer k where k.job_id = any(jobs);
end
$$;
comment on function darkroom.leave_to_spools is
  'To be called after darkroom_run_at of jobs was set: leaves those whose answer is kept to the '
  'workers with it from then on, and to others only after the takeover time.';

create or replace function darkroom.bind_to_spool(job uuid, spool text, takeover_ms bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  duration constant interval := least(greatest(takeover_ms, 0), 86400000) * interval '1 ms';
begin
  insert into darkroom.kept_answer as k (job_id, spool, place, retry_at, takeover)
  select q.id, bind_to_spool.spool, q.darkroom_run_at, least(q.darkroom_run_at, now()), duration
    from public.job_queue q where q.id = job and isfinite(q.darkroom_run_at)
  on conflict (job_id) do update set spool = excluded.spool, takeover = excluded.takeover;
end
$$;
comment on function darkroom.bind_to_spool is 'Records in which spool the answer of a job lies.';

create or replace function darkroom.keep_answers(worker text, spool text, jobs uuid[],
  takeover_ms bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r record;
  kept int := 0;
begin
  for r in
    select q.id from public.job_queue q
     where q.id = any(jobs) and q.status = 'processing' and q.darkroom_leased_by = worker
       and isfinite(q.darkroom_run_at)
     order by q.id for no key update skip locked
  loop
    perform darkroom.bind_to_spool(r.id, spool, takeover_ms);
    begin
      update public.job_queue q set darkroom_run_at = now() + takeover_ms * interval '1 ms'
       where q.id = r.id;
      kept := kept + 1;
    exception when others then -- the application's tables reject this row
      if darkroom.is_passing(sqlstate) then
        raise;
      end if;
    end;
  end loop;
  -- A worker that lives but is busy keeps its jobs.
  perform darkroom.set_run_at(late.id, now() + takeover_ms * interval '1 ms') from (
    select q.id from darkroom.kept_answer k join public.job_queue q on q.id = k.job_id
     where k.spool = keep_answers.spool and q.status = 'pending' and isfinite(q.darkroom_run_at)
       and q.darkroom_run_at < now() + takeover_ms * 0.75 * interval '1 ms'
     order by q.id) late;
  return jsonb_build_object('kept', kept);
end
$$;
comment on function darkroom.keep_answers is
  'Records that the paid answers of running jobs lie in the spool of their worker. If it dies, the '
  'jobs are left to the workers with this spool first. Renews the takeover time of all jobs whose '
  'answers lie there.';

create or replace function darkroom.adopt_answers(spool text, jobs uuid[], takeover_ms bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r record;
begin
  for r in
    select q.id from public.job_queue q
     where q.id = any(jobs) and q.status = 'pending' and q.job_type <> 'batch-api'
       and isfinite(q.darkroom_run_at) and adopt_answers.spool <> ''
       and not exists (select 1 from darkroom.kept_answer k where k.job_id = q.id)
     order by q.id for no key update skip locked
  loop
    perform darkroom.bind_to_spool(r.id, spool, takeover_ms);
    perform darkroom.leave_to_spools(array[r.id]);
  end loop;
  return (select jsonb_build_object(
            'ended', coalesce(jsonb_agg(j.id) filter (where j.ended and not j.kept), '[]'),
            'open', coalesce(jsonb_agg(j.id) filter (where not j.ended), '[]'))
    from (select q.id, q.status in ('completed', 'failed') as ended,
                 exists (select 1 from darkroom.kept_answer k where k.job_id = q.id) as kept
            from public.job_queue q where q.id = any(jobs)) j);
end
$$;
comment on function darkroom.adopt_answers is
  'Leaves pending jobs to the workers with the spool that holds their answers. Returns the jobs that '
  'have ended and whose answers can be removed, and those that are still open.';

-- -- the end of an attempt ------------------------------------------------------------------------

create or replace function darkroom.restore_place(job uuid, lease bigint, worker text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.job_queue q set darkroom_run_at = k.place from darkroom.kept_answer k
   where k.job_id = job and q.id = job and q.status = 'processing' and q.darkroom_lease = lease
     and q.darkroom_leased_by = worker and isfinite(q.darkroom_run_at)
$$;
comment on function darkroom.restore_place is
  'Gives a running job its place in the queue back, without the takeover time.';

create or replace function darkroom.bind_returned(job uuid, reply jsonb, detail text, options jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if reply->>'state' in ('pending', 'waiting') then
    if options ? 'spool' then
      perform darkroom.bind_to_spool(job, options->>'spool', (options->>'takeoverMs')::bigint);
    end if;
    perform darkroom.leave_to_spools(array[job]);
  elsif reply->>'state' = 'failed' and (options->>'rejected')::boolean and options ? 'spool' then
    insert into darkroom.kept_answer (job_id, spool, place, retry_at, reason)
    values (job, options->>'spool', now(), 'infinity', detail) on conflict do nothing;
  end if;
end
$$;
comment on function darkroom.bind_returned is
  'Leaves a job whose attempt has failed to the workers with its answer. If the store rejected its '
  'file for good, records where the answer lies.';

create or replace function darkroom.fail_job_keeping(job uuid, lease bigint, worker text,
  message text, retry boolean, spend boolean, delay_ms bigint, call jsonb, detail text,
  options jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply jsonb;
begin
  perform darkroom.restore_place(job, lease, worker);
  perform darkroom.note_advice(job, lease, worker, message, options->>'advice');
  reply := darkroom.fail_job(job, lease, worker, message, retry, spend, delay_ms, call, detail);
  perform darkroom.bind_returned(job, reply, detail, options);
  return reply;
end
$$;
comment on function darkroom.fail_job_keeping is
  'fail_job() and bind_returned(). options: spool, takeoverMs and rejected for bind_returned(), '
  'advice for note_advice().';

create or replace function darkroom.wait_for_service_keeping(job uuid, lease bigint, worker text,
  service text, kind text, message text, detail text, delay_ms bigint, call jsonb, options jsonb)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply jsonb;
begin
  perform darkroom.restore_place(job, lease, worker);
  perform darkroom.note_advice(job, lease, worker, message, options->>'advice');
  reply := darkroom.wait_for_service(job, lease, worker, service, kind, message, detail, delay_ms,
                                     call);
  perform darkroom.bind_returned(job, reply, detail, options);
  return reply;
end
$$;
comment on function darkroom.wait_for_service_keeping is
  'wait_for_service() and bind_returned(), with the options of fail_job_keeping().';

-- -- claims -----------------------------------------------------------------------------------------

create or replace function darkroom.pick_kept(worker text, spool text, slots int, types text[],
  batch text) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from darkroom.kept_answer k
                  where k.spool = pick_kept.spool and k.retry_at <= now())
     or exists (select 1 from public.job_queue q -- a job that runs alone
                 where q.darkroom_losses >= 2 and q.status = 'processing'
                   and q.darkroom_leased_by = worker) then
    return '{}';
  end if;
  return (select coalesce(array_agg(j.id), '{}') from (
    select p.id from darkroom.kept_answer k join darkroom.pending_job p on p.id = k.job_id
     where k.spool = pick_kept.spool and k.retry_at <= now() and isfinite(p.run_at)
       and p.job_type = any(types) and p.losses < 2 and not darkroom.is_paused(p.id)
       and not exists (select 1 from darkroom.unclaimable_job u
                        where u.job_id = p.id and u.since > now() - interval '1 minute')
       and (batch is null or p.id in (select darkroom.jobs_of_batch(batch)))
     order by k.retry_at limit slots for update of p skip locked) j);
end
$$;
comment on function darkroom.pick_kept is
  'Locks and returns due jobs whose paid answers lie in a spool.';

create or replace function darkroom.claim_with_kept(worker text, request jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  own_spool constant text := request->>'spool';
  slots int := (request->>'slots')::int;
  soonest timestamptz;
  kept uuid[] := '{}';
  jobs jsonb := '[]';
  reply jsonb := '{}';
  next_ms bigint;
begin
  select min(k.retry_at) into soonest from darkroom.kept_answer k
   where k.spool = own_spool and k.retry_at < 'infinity';
  if soonest is null then -- as usual
    return darkroom.claim_for(worker, request);
  end if;
  if soonest <= now() then
    kept := darkroom.pick_kept(worker, own_spool, slots,
      array(select jsonb_array_elements_text(request->'types')), request->>'batch');
  end if;
  if kept <> '{}' then
    jobs := darkroom.lease_requested(worker, kept, request);
    slots := slots - cardinality(kept);
  end if;
  if slots > 0 then
    reply := darkroom.claim_for(worker, request || jsonb_build_object('slots', slots));
    jobs := jobs || coalesce(reply->'jobs', '[]');
  end if;
  jobs := (select coalesce(jsonb_agg(case when k.former is null then l.job
                                          else l.job || jsonb_build_object('former', k.former) end
                                     order by l.place), '[]')
             from jsonb_array_elements(jobs) with ordinality l(job, place)
             left join darkroom.kept_answer k on k.job_id = (l.job->>'id')::uuid
              and k.spool = own_spool);
  select ceil(extract(epoch from min(k.retry_at) - now()) * 1000) into next_ms
    from darkroom.kept_answer k
   where k.spool = own_spool and k.retry_at > now() and isfinite(k.retry_at);
  return reply || jsonb_build_object('jobs', jobs)
    || case when next_ms is null then '{}'::jsonb else jsonb_build_object('nextMs', next_ms) end;
end
$$;
comment on function darkroom.claim_with_kept is
  'claim_for(), and before it the due jobs whose paid answers lie in the spool that the request '
  'names. These start no call, so no budget and no limit holds them back. nextMs: until the next of '
  'them is due.';
