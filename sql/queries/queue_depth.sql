-- The depth of the queue by type and state, and the age of the oldest job that is not paused. Counts
-- stop at 100,000 of each state, so that the cost of this query is bounded.
select json_build_object(
  'depth', (select coalesce(json_agg(json_build_object('type', t.job_type, 'status', t.status,
                                                       'count', t.count)), '[]')
              from (select j.job_type, j.status, count(*)
                      from ((select q.job_type, q.status from public.job_queue q
                              where q.status = 'pending' and q.job_type in ('generate-image',
                                'generate-complete-pack', 'generate-aplus', 'regenerate-image',
                                'batch-api')
                              limit 100000)
                            union all
                            (select q.job_type, q.status from public.job_queue q
                              where q.status = 'processing' limit 100000)) j
                     group by j.job_type, j.status) t),
  'oldestMs', (select extract(epoch from now() - q.created_at) * 1000
                 from public.job_queue q
                where q.status = 'pending' and q.job_type in ('generate-image',
                  'generate-complete-pack', 'generate-aplus', 'regenerate-image', 'batch-api')
                  and isfinite(q.darkroom_run_at) and isfinite(q.created_at)
                order by q.created_at limit 1))
