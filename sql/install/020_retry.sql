-- 020_retry.sql - a failed job is repeated once, also by commands that repeat many.

alter table darkroom.claimed_job add column if not exists retried_as uuid;
comment on column darkroom.claimed_job.retried_as is
  'The job that repeats this failed one. Null if none was queued.';

create or replace function darkroom.note_retry(job uuid, again uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform darkroom.record_jobs(array[job]);
  update darkroom.claimed_job c set retried_as = again where c.job_id = job;
end
$$;
comment on function darkroom.note_retry is
  'Records which job repeats a failed one, so that it is not repeated twice.';

create or replace function darkroom.successor_of(job uuid) returns public.job_queue
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select q.* from darkroom.claimed_job c join public.job_queue q on q.id = c.retried_as
   where c.job_id = job
$$;
comment on function darkroom.successor_of is
  'Returns the job that repeats a failed one. Null if there is none, or if it was deleted.';

create or replace function darkroom.why_not_retried(job uuid) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.claimed_job;
begin
  select * into c from darkroom.claimed_job x where x.job_id = job;
  if (darkroom.successor_of(job)).id is not null then
    return 'retried before';
  elsif exists (select 1 from darkroom.batch_api_chunk x where x.job_id = job) then
    return 'carries items of a batch';
  elsif exists (select 1 from darkroom.batch_item i join darkroom.batch b on b.id = i.batch_id
                 where i.job_id = job and (i.state <> 'failed' or b.state = 'cancelled')) then
    return 'of a cancelled batch';
  elsif c.project_id is not null
     and not exists (select 1 from public."Project" p where p.id = c.project_id) then
    return 'the project was deleted';
  elsif exists (select 1 from darkroom.slot s where s.project_id = c.project_id and s.slot = c.slot
                   and s.job_id <> job)
     and not exists (select 1 from darkroom.batch_item i where i.job_id = job) then
    return 'requested again since';
  end if;
  return null;
end
$$;
comment on function darkroom.why_not_retried is
  'Says why a command that retries many failed jobs leaves this one out. Null if it is retried.';
