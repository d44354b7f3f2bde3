-- 015_packs.sql - a pack's job between the moment its parts are queued and the end of the last one.
--
-- commit_pack() queues the parts and leaves the job 'processing' with the holder 'children' and a
-- lease that never expires: no worker holds it, and no claim reads it. Each part that ends calls
-- settle_pack_of(), which reports the progress and ends the job after the last part. What that call
-- cannot do, because another session has locked the pack, or because no function of darkroom ended
-- the part, settle_packs() does at a later heartbeat.
--
-- How a pack ends, and what the application's page shows then (it reads the status and the message
-- of this job, and after its end the status of the project and its images):
--   all parts are ready: the job is completed, the project COMPLETED;
--   some are missing:    the job is failed, because the page shows error_message of a failed job
--                        only; the message says what is ready, what to do about the rest and what
--                        was refunded. The project is COMPLETED: it has something to show;
--   nothing is ready:    the job is failed with its message, the project FAILED.
-- Until then error_message is the progress: "3 of 6 images are ready."

-- -- the parts ------------------------------------------------------------------------------------

create or replace function darkroom.part_name(slot text) returns text
language sql immutable as $$
  select case slot when 'MAIN_IMAGE' then 'the main image' when 'INFOGRAPHIC' then 'the infographic'
    when 'FEATURE_HIGHLIGHT' then 'the feature highlight' when 'LIFESTYLE' then 'the lifestyle image'
    when 'COMPARISON_CHART' then 'the comparison chart'
    when 'DIMENSION_DIAGRAM' then 'the dimension diagram' when 'APLUS' then 'the A+ content'
    else lower(replace(slot, '_', ' ')) end
$$;
comment on function darkroom.part_name is 'Returns the name of a part of a pack, for sellers.';

create or replace function darkroom.pack_parts(pack uuid)
returns table (slot text, ord int, job_id uuid, state text, message text, refunded int)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return query
    select c.slot, array_position(array['MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT',
             'LIFESTYLE', 'COMPARISON_CHART', 'DIMENSION_DIAGRAM', 'APLUS'], c.slot), c.job_id,
           case when q.status = 'completed' then 'ready' when q.status = 'failed' then 'failed'
                when q.id is not null then 'open'
                when h.state = 'delivered' then 'ready' -- its job was deleted since
                when exists (select 1 from darkroom.deleted_job d where d.job_id = c.job_id)
                  then 'open' -- until its refund is settled
                else 'failed' end,
           q.error_message, c.refunded + coalesce(h.refunded, 0)
      from darkroom.child_job c
      left join public.job_queue q on q.id = c.job_id
      left join darkroom.charge h on h.job_id = c.job_id
     where c.parent_id = pack;
end
$$;
comment on function darkroom.pack_parts is
  'Returns the parts of a pack with their state: open, ready or failed.';

create or replace function darkroom.joined(items text[]) returns text
language sql immutable as $$
  select case when cardinality(items) > 1
    then array_to_string(items[:cardinality(items) - 1], ', ') || ' and ' || items[cardinality(items)]
    else items[1] end
$$;
comment on function darkroom.joined is 'Returns texts as one: "a, b and c".';

drop function if exists darkroom.pack_progress(uuid);
create or replace function darkroom.pack_progress(pack uuid, out open bigint, out sentence text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  p record;
begin
  select count(*) filter (where x.slot <> 'APLUS') as images,
         count(*) filter (where x.slot <> 'APLUS' and x.state = 'ready') as ready,
         count(*) filter (where x.state = 'open') as open,
         max(x.state) filter (where x.slot = 'APLUS') as aplus
    into p from darkroom.pack_parts(pack) x;
  open := p.open;
  sentence := case
    when p.ready = 0 and p.open = 0 and p.aplus = 'ready'
      then 'No image is ready, but the A+ content is.'
    when p.ready = 0 and p.open = 0 and p.aplus is not null then 'Nothing of the pack is ready.'
    when p.ready = 0 and p.open = 0 then 'No image is ready.'
    else case when p.ready = p.images then 'All ' || p.images else p.ready || ' of ' || p.images end
      || ' images' || case when p.aplus = 'ready' then ' and the A+ content are ready.'
        else case when p.ready = 1 then ' is' else ' are' end || ' ready'
          || case when p.open = 0 and p.aplus = 'failed' then ', the A+ content is not.'
                  else '.' end end end;
end
$$;
comment on function darkroom.pack_progress is
  'Returns how many parts of a pack have not ended, and how much of it is ready, in a sentence for its '
  'seller.';

create or replace function darkroom.pack_result(pack uuid) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  most_reasons constant int := 4; -- more would not be read
  refunded bigint;
  reasons text;
begin
  with failed as (
    select p.ord, p.slot, case
        when p.message = 'Cancelled.' then 'Cancelled: {what}.'
        when c.advice->>'message' = p.message and c.advice->>'advice' like '%{what}%'
          then left(c.advice->>'advice', 300)
        else 'Not made: {what}.' || coalesce(' ' || left(nullif(p.message, ''), 200), '') end as text
      from darkroom.pack_parts(pack) p
      left join darkroom.claimed_job c on c.job_id = p.job_id
     where p.state = 'failed'
  ), reason as (
    select f.text, min(f.ord) as first, count(*) filter (where f.slot <> 'APLUS') as images,
           array_agg(darkroom.part_name(f.slot) order by f.ord) as names
      from failed f group by f.text
  ), ranked as (
    select r.*, row_number() over (order by r.first) as n from reason r
  ), shown as (
    select replace(r.text, '{what}', darkroom.joined(case
             when r.images > 1 and r.images = (select count(*) from darkroom.pack_parts(pack) p
                                               where p.slot <> 'APLUS')
               then array['the images'] || r.names[r.images + 1:] -- the A+ content comes last
             else r.names end)) as text, r.first
      from ranked r where r.n <= most_reasons
    union all
    select 'Not made: ' || darkroom.joined(array_agg(darkroom.part_name(f.slot) order by f.ord))
             || '.', 100
      from failed f join ranked r on r.text = f.text where r.n > most_reasons having count(*) > 0
  )
  select string_agg(s.text, ' ' order by s.first) into reasons from shown s;
  refunded := (select sum(p.refunded) from darkroom.pack_parts(pack) p)
    + coalesce((select h.refunded from darkroom.charge h where h.job_id = pack), 0);
  return concat_ws(' ', (darkroom.pack_progress(pack)).sentence, reasons, case
    when refunded = 1 then '1 credit was returned.'
    when refunded > 1 then refunded || ' credits were returned.' end);
end
$$;
comment on function darkroom.pack_result is
  'Says how a pack with missing parts ended, for its seller: what is ready, what to do to get the '
  'rest, and how many credits were refunded.';

-- -- its progress and its end -----------------------------------------------------------------------

create or replace function darkroom.end_pack(q public.job_queue) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  ended constant boolean := exists (select 1 from darkroom.pack p
                                     where p.job_id = q.id and p.ended_at is not null);
  complete constant boolean := not exists (select 1 from darkroom.pack_parts(q.id) x
                                            where x.state <> 'ready');
  payer text;
begin
  if q.status = 'completed' or ended and q.status <> 'failed' then
    null; -- another program ended the job, or made it pending again
  elsif complete then
    perform darkroom.complete_job(q.id); -- also a failed one, once the missing parts were made again
  else
    -- Its parts have the charge; a rest remains only if prices were changed meanwhile.
    payer := (select h.user_id from darkroom.charge h
               where h.job_id = q.id and h.state = 'open' and h.credits > 0);
    if payer is not null then
      if not darkroom.try_lock_account(payer) then
        return; -- settle_packs() ends the pack later
      end if;
      perform darkroom.refund(q.id);
    end if;
    update darkroom.charge h set state = 'returned'
     where h.job_id = q.id and h.state = 'open' and not ended;
    update public.job_queue j
       set status = 'failed', completed_at = coalesce(case when q.status = 'failed'
             then j.completed_at end, now()),
           error_message = darkroom.pack_result(q.id), darkroom_lease_until = null
     where j.id = q.id;
  end if;
  update darkroom.charge h
     set state = case when q.status = 'completed' or complete then 'delivered' else 'returned' end
   where h.job_id = q.id and h.state = 'open' and not (ended and q.status <> 'failed');
  update darkroom.pack p set ended_at = now() where p.job_id = q.id and p.ended_at is null;
end
$$;
comment on function darkroom.end_pack is
  'Ends the job of a pack whose parts have all ended, or changes its end after a part was made '
  'again. The caller has locked the row.';

create or replace function darkroom.settle_pack(pack uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
  progress record;
begin
  -- Never waits: the caller may hold a project, and a session that holds this row may wait for it.
  select * into q from public.job_queue j where j.id = pack for no key update skip locked;
  if not found then
    update darkroom.pack p set ended_at = now()
     where p.job_id = pack and p.ended_at is null
       and not exists (select 1 from public.job_queue j where j.id = pack);
    return;
  end if;
  progress := darkroom.pack_progress(pack);
  if progress.open = 0 then
    perform darkroom.end_pack(q);
  elsif q.status = 'processing' and q.darkroom_leased_by = 'children'
    and q.error_message is distinct from progress.sentence then
    update public.job_queue j set error_message = progress.sentence where j.id = pack;
  end if;
end
$$;
comment on function darkroom.settle_pack(uuid) is
  'Reports the progress of a pack, or ends it if all of its parts have ended. Leaves a pack that '
  'another session has locked to settle_packs().';

create or replace function darkroom.settle_pack_of(job uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  pack uuid;
begin
  select p.job_id into pack from darkroom.child_job c join darkroom.pack p on p.job_id = c.parent_id
   where c.job_id = job;
  if not found then
    return;
  end if;
  perform darkroom.settle_pack(pack);
exception when others then -- the application's tables reject the pack's row: the part ends without it
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
  raise warning 'darkroom: the pack % cannot be settled: %', pack, sqlerrm;
end
$$;
comment on function darkroom.settle_pack_of is
  'settle_pack() for the pack that a job is a part of, if it is one. The caller has locked the '
  'project, so of two parts that end at once the second sees the end of the first.';

create or replace function darkroom.settle_packs() returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '25ms' as $$
declare
  r record;
  count int := 0;
begin
  for r in
    select p.job_id, (select c.project_id from darkroom.claimed_job c where c.job_id = p.job_id)
             as project
      from darkroom.pack p
     where p.ended_at is null and p.checked_at < now() - interval '5 seconds'
     order by p.checked_at limit 10 for update of p skip locked
  loop
    update darkroom.pack p set checked_at = now() where p.job_id = r.job_id;
    begin
      continue when not darkroom.try_lock_project(r.project); -- a part ends just now
      perform darkroom.settle_pack(r.job_id);
      count := count + 1;
    exception when lock_not_available then
      null; -- another session has locked a row of the application: a later call settles it
    when others then -- the application's tables reject its row: the others are settled
      if darkroom.is_passing(sqlstate) then
        raise;
      end if;
      raise warning 'darkroom: the pack % cannot be settled: %', r.job_id, sqlerrm;
    end;
  end loop;
  return count;
end
$$;
comment on function darkroom.settle_packs is
  'Settles open packs that were not looked at for five seconds, at most ten. Waits at most 25 ms for '
  'a lock.';

create or replace function darkroom.wait_for_parts(q public.job_queue) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.pack as p (job_id, lease, worker)
  values (q.id, q.darkroom_lease, q.darkroom_leased_by)
  on conflict (job_id) do update set lease = excluded.lease, worker = excluded.worker,
    ended_at = null;
  update public.job_queue j
     set darkroom_leased_by = 'children', darkroom_lease_until = 'infinity', darkroom_cost = 0,
         error_message = (darkroom.pack_progress(q.id)).sentence
   where j.id = q.id;
  delete from darkroom.kept_answer k where k.job_id = q.id;
end
$$;
comment on function darkroom.wait_for_parts is
  'Takes a pack from its worker: from now on its parts hold it. The caller has checked the lease.';

-- -- cancelling and retrying ------------------------------------------------------------------------

create or replace function darkroom.cancel_pack(pack uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  refunded bigint := 0;
  r record;
begin
  -- All parts are locked before the first one is cancelled, because that locks account and project,
  -- and a worker locks these after the job.
  perform 1 from public.job_queue j
    where j.id in (select p.job_id from darkroom.pack_parts(pack) p)
    order by j.id for no key update;
  for r in select p.job_id from darkroom.pack_parts(pack) p where p.state = 'open' order by p.ord loop
    refunded := refunded + coalesce((darkroom.cancel_job(r.job_id)->>'refunded')::bigint, 0);
  end loop;
  perform darkroom.settle_pack(pack);
  return jsonb_build_object('state', 'cancelled', 'refunded', refunded);
end
$$;
comment on function darkroom.cancel_pack is
  'Cancels the parts of a pack that have not ended. The caller has locked the pack.';

create or replace function darkroom.retry_pack(pack uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  jobs jsonb := '[]';
  again jsonb;
  r record;
begin
  for r in select p.job_id from darkroom.pack_parts(pack) p
            where p.state = 'failed' and exists (select 1 from public.job_queue j
                                                  where j.id = p.job_id)
            order by p.ord
  loop
    again := darkroom.retry_job(r.job_id);
    if again ? 'job' then
      jobs := jobs || jsonb_build_array(again->'job');
    end if;
  end loop;
  return case when jobs = '[]' then '{"state":"without a part that can be retried"}'::jsonb
    else jsonb_build_object('state', 'queued', 'job', jobs->0, 'jobs', jobs) end;
end
$$;
comment on function darkroom.retry_pack is
  'Queues the failed parts of a pack again, each as a new job. The pack''s job keeps its end until '
  'these have ended.';

create or replace function darkroom.replace_part(old_job uuid, new_job uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update darkroom.child_job c
     set job_id = new_job, refunded = c.refunded + coalesce((select h.refunded
           from darkroom.charge h where h.job_id = old_job), 0)
   where c.job_id = old_job
$$;
comment on function darkroom.replace_part is
  'Makes the job that repeats a part of a pack that part.';

create or replace function darkroom.note_advice(job uuid, lease bigint, worker text, message text,
  advice text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update darkroom.claimed_job c
     set advice = jsonb_build_object('message', message, 'advice', note_advice.advice)
   where c.job_id = job and note_advice.advice is not null
     and exists (select 1 from public.job_queue q where q.id = job and q.status = 'processing'
                    and q.darkroom_lease = lease and q.darkroom_leased_by = worker)
$$;
comment on function darkroom.note_advice is
  'Records what a seller can do about a failure, for the message of a pack. Checks the lease.';
