-- Continues the order of a project ($1) whose texts may have changed ($2, as for the order): queues
-- what failed again, as its latest job of each kind shows. The failed parts of a pack are queued by
-- the pack. Returns the number of jobs that have not
-- ended now; -1: there is no such project.
with project as (
  update "Project" p
     set name = coalesce(t->>'name', t->>'productName'), description = t->>'description',
         "productName" = t->>'productName', "productCategory" = t->>'productCategory',
         "updatedAt" = timezone('utc', now())
    from (select $2::jsonb as t) t
   where p.id = $1 returning p.id
), latest as (
  select distinct on (q.job_type, q.payload->>'imageType', q.payload->>'module', q.payload->>'slot')
         q.id, q.status
    from public.job_queue q join project on q.payload->>'projectId' = project.id
   order by q.job_type, q.payload->>'imageType', q.payload->>'module', q.payload->>'slot',
            q.created_at desc
), again as (
  select darkroom.retry_job(l.id) as result from latest l
   where l.status = 'failed'
     and not exists (select 1 from darkroom.child_job c where c.job_id = l.id)
)
select coalesce((
  select (select count(*) from latest where status in ('pending', 'processing')) +
         (select coalesce(sum(greatest(jsonb_array_length(coalesce(result->'jobs', '[]')), 1)), 0)
            from again where result ? 'job')
    from project), -1)::text
