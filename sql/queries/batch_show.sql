select darkroom.batch_status(b) || jsonb_build_object('options', b.options #- '{textOnly,logo}', 'estimate', b.estimate,
    'byKind', darkroom.batch_counts(b.id, 'type'), 'byModel', darkroom.batch_counts(b.id, 'model'),
    'byReason', darkroom.batch_reasons(b.id), 'errors', darkroom.batch_errors(b.id),
    'chunks', (select coalesce(jsonb_agg(jsonb_build_object('chunk', c.chunk, 'state', c.state,
        'status', c.remote_status, 'remote', c.remote_id, 'counts', c.request_counts,
        'job', c.job_id, 'jobStatus', q.status,
        'checked', to_char(c.checked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'reason', coalesce(case when q.status <> 'completed' then
          (select f.detail from darkroom.job_failure f where f.job_id = q.id and q.status = 'failed'
            order by f.id desc limit 1) end, q.error_message)) order by c.chunk), '[]')
      from darkroom.batch_api_chunk c left join public.job_queue q on q.id = c.job_id
     where c.batch_id = b.id),
    'images', (select coalesce(max(i.item), 0) from darkroom.batch_item i where i.batch_id = b.id))
  from darkroom.batch b where b.id = $1
