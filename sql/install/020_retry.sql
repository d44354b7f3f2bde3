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

create or replace function darkroom.retry_plan(chosen_jobs uuid[]) returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (with chosen as (
    select distinct coalesce(p.job_id, q.id) as id
      from public.job_queue q
      left join lateral (select x.job_id from darkroom.pack_parts(q.id) x where x.state = 'failed') p
        on exists (select 1 from darkroom.pack k where k.job_id = q.id)
     where q.id = any(chosen_jobs) and q.status = 'failed'
       and (p.job_id is not null or not exists (select 1 from darkroom.pack k where k.job_id = q.id))
  ), judged as (
    select q.id, q.job_type, q.payload->>'imageType' as image, q.created_at,
           darkroom.why_not_retried(q.id) as why, i.batch_id as batch,
           case when h.refunded > 0 or h.source = 'free' or o.job_id is not null then 0
                else coalesce(h.credits, 0) end as paid,
           coalesce(h.refunded, 0) + coalesce(o.credits, 0) as refunded,
           coalesce(i.credits, 0) as charged,
           exists (select 1 from darkroom.kept_answer k where k.job_id = q.id) as kept
      from chosen c join public.job_queue q on q.id = c.id and q.status = 'failed'
      left join darkroom.charge h on h.job_id = q.id
      left join darkroom.owed_refund o on o.job_id = q.id -- its successor is free too, see retry_job
      left join darkroom.batch_item i on i.job_id = q.id
  ), retried as (
    select * from judged j where j.why is null
  ), price as (
    select k.job_type, k.image, (select avg(l.usd) from (
             select (select sum(m.cost_microusd) / 1e6 from darkroom.model_call m
                      where m.job_id = d.id) as usd
               from public.job_queue d
              where d.status = 'completed' and d.job_type = k.job_type
                and d.payload->>'imageType' is not distinct from k.image
                and d.completed_at > now() - interval '30 days'
              order by d.completed_at desc limit 200) l) as usd
      from (select distinct r.job_type, r.image from retried r) k
  )
  select json_build_object(
    'jobs', (select coalesce(json_agg(r.id order by r.created_at, r.id), '[]') from retried r
              where r.batch is null),
    'batches', (select coalesce(json_object_agg(b.batch, b.ids), '{}') from (
       select r.batch, json_agg(r.id order by r.id) as ids from retried r
        where r.batch is not null group by 1) b),
    'types', (select coalesce(json_agg(json_build_object('type', t.job_type, 'image', t.image,
        'jobs', t.jobs, 'keptAnswers', t.kept, 'usdEach', t.usd) order by t.jobs desc, t.job_type, t.image), '[]') from (
       select r.job_type, r.image, count(*) as jobs, count(*) filter (where r.kept) as kept, p.usd
         from retried r
         join price p on p.job_type = r.job_type and p.image is not distinct from r.image
        group by 1, 2, p.usd) t),
    'keptAnswers', (select count(*) from retried r where r.kept),
    'chargedCredits', (select coalesce(sum(r.charged), 0) from retried r),
    'paidCredits', (select coalesce(sum(r.paid), 0) from retried r),
    'refundedCredits', (select coalesce(sum(r.refunded), 0) from retried r),
    'skipped', (select coalesce(json_agg(json_build_object('reason', s.why, 'jobs', s.jobs)
        order by s.jobs desc, s.why), '[]')
        from (select j.why, count(*) as jobs from judged j where j.why is not null group by 1) s)));
end
$$;
comment on function darkroom.retry_plan is
  'What a retry of these failed jobs would do. A pack stands for its failed parts. usdEach is the mean cost '
  'of such a job in the last 30 days, and null without one. Only items of a batch that charges its users '
  'are charged again; their failure was refunded.';
