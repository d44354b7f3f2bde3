-- Lists jobs, newest first. $1: filter (JSON; a missing key selects all), $2: number of jobs. The
-- parents of listed parts are listed too, so that a part never stands without its pack.
with matching as (
  select q.id from public.job_queue q
   where ($1::jsonb->'status' is null or $1::jsonb->'status' ? q.status)
     and ($1::jsonb->'project' is null or $1::jsonb->'project' ? (q.payload->>'projectId'))
     and ($1::jsonb->'user' is null or $1::jsonb->'user' ? q.user_id)
     and ($1::jsonb->'type' is null or $1::jsonb->'type' ? q.job_type
          or $1::jsonb->'type' ? (q.payload->>'imageType'))
     and ($1::jsonb->>'since' is null
          or coalesce(q.completed_at, q.created_at) >= ($1::jsonb->>'since')::timestamptz)
     and ($1::jsonb->>'until' is null
          or coalesce(q.completed_at, q.created_at) < ($1::jsonb->>'until')::timestamptz)
     and ($1::jsonb->>'batch' is null
          or exists (select 1 from darkroom.batch_item i
                      where i.batch_id = $1::jsonb->>'batch' and i.job_id = q.id)
          or exists (select 1 from darkroom.batch_api_chunk c
                      where c.batch_id = $1::jsonb->>'batch' and c.job_id = q.id))
     and ($1::jsonb->>'reason' is null
          or strpos(lower(q.error_message), lower($1::jsonb->>'reason')) > 0
          or exists (select 1 from darkroom.job_failure f where f.job_id = q.id
                        and strpos(lower(f.detail), lower($1::jsonb->>'reason')) > 0))
   order by q.created_at desc, q.id limit $2::int
), listed as (
  select m.id, true as matches from matching m
  union all
  select distinct c.parent_id, false from matching m join darkroom.child_job c on c.job_id = m.id
   where not exists (select 1 from matching x where x.id = c.parent_id)
)
select coalesce(json_agg(t.job order by t.begun desc, t.family, t.is_part, t.created_at, t.id), '[]')
  from (
  select q.id, q.created_at, coalesce(p.created_at, q.created_at) as begun,
         coalesce(c.parent_id, q.id) as family, c.parent_id is not null as is_part,
         json_build_object('id', q.id, 'type', q.job_type, 'status', q.status,
           'project', q.payload->>'projectId', 'image', q.payload->>'imageType', 'user', q.user_id,
           'email', u.email, 'product', x."productName", 'retries', q.retry_count, 'maxRetries', q.max_retries,
           'priority', q.darkroom_priority, 'worker', q.darkroom_leased_by,
           'message', q.error_message, 'parent', c.parent_id, 'matches', l.matches,
           'url', (select g.url from public."GeneratedImage" g where g.id = q.id::text),
           'created', to_char(q.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'completed', to_char(q.completed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'seconds', case when isfinite(q.completed_at) and isfinite(q.created_at)
             then round(extract(epoch from q.completed_at - q.created_at)::numeric, 1) end,
           'runningSeconds', case when q.status = 'processing' and isfinite(q.processed_at)
             then round(extract(epoch from now() - q.processed_at)::numeric, 1) end,
           'waitsSeconds', case when q.status = 'pending' and q.darkroom_run_at > now()
             and isfinite(q.darkroom_run_at)
             then ceil(extract(epoch from q.darkroom_run_at - now()))::bigint end,
           'paused', q.status = 'pending' and q.darkroom_run_at = 'infinity') as job
    from listed l join public.job_queue q on q.id = l.id
    left join darkroom.child_job c on c.job_id = q.id
    left join public.job_queue p on p.id = c.parent_id
    left join public."Project" x on x.id = q.payload->>'projectId'
    left join public."User" u on u.id = q.user_id) t
