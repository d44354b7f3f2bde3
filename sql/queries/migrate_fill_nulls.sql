-- Gives rows with NULL the application's defaults, which the trigger darkroom_fill_defaults fills
-- in: in 4,096 pages of job_queue from page $1 on, so that no lock is held for long. Returns the
-- next page, or no row at the end of the table.
with filled as (
  update public.job_queue q set status = q.status
   where q.ctid >= format('(%s,0)', $1::bigint)::tid
     and q.ctid < format('(%s,0)', $1::bigint + 4096)::tid
     and (q.status is null or q.retry_count is null or q.max_retries is null
          or q.created_at is null)
)
select $1::bigint + 4096
 where ($1::bigint + 4096) * current_setting('block_size')::bigint
       < pg_relation_size('public.job_queue')
