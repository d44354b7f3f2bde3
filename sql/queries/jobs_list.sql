select coalesce(json_agg(t), '[]') from (
  select id, job_type as type, status, payload->>'projectId' as project,
         payload->>'imageType' as image, user_id as "user", retry_count as retries,
         max_retries as "maxRetries", darkroom_priority as priority, darkroom_leased_by as worker,
           error_message as error,
         to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created,
         case when isfinite(completed_at) and isfinite(created_at)
           then round(extract(epoch from completed_at - created_at)::numeric, 1) end as seconds,
         case when status = 'processing' and isfinite(processed_at)
           then round(extract(epoch from now() - processed_at)::numeric, 1) end as "runningSeconds",
         case when status = 'pending' and darkroom_run_at > now() and isfinite(darkroom_run_at)
           then ceil(extract(epoch from darkroom_run_at - now()))::bigint end as "waitsSeconds"
    from public.job_queue
   where ($1::text is null or status = any(string_to_array($1, e'\n')))
     and ($2::text is null or payload->>'projectId' = any(string_to_array($2, e'\n')))
   order by created_at desc, id limit $3::int) t
