select coalesce(json_agg(id), '[]') from public.job_queue
 where id = any ($1::uuid[]) and status is distinct from 'completed'
   and status is distinct from 'failed'
