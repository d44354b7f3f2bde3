select json_agg(id) from public.job_queue where id = any ($1::uuid[])
  and status in ('completed', 'failed')
