select json_build_object('names',
  string_agg(format('%s (%s)', coalesce(jobname, jobid::text), schedule),
                                             ', ' order by jobid))
  from cron.job
 where active and command ~* 'job_queue|get_next_job|mark_job_|/functions/v1/|http_post'
