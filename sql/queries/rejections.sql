-- Returns the rejected answers of a job ($1), or of all jobs if it is null: the last ones, at most
-- $2. Their pictures come from rejection_picture, by `call`.
select coalesce(json_agg(json_build_object('call', r.call_id, 'job', r.job_id,
    'project', q.payload->>'projectId', 'image', q.payload->>'imageType', 'step', c.step,
    'number', c.call_index, 'model', c.model, 'check', r.check_name, 'message', r.message,
    'measured', r.measured, 'limit', r.limit_value, 'pictureBytes', octet_length(r.picture),
    'at', to_char(r.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
  order by r.call_id), '[]')
  from (select * from darkroom.rejection x where $1::uuid is null or x.job_id = $1::uuid
         order by x.call_id desc limit $2::int) r
  left join public.job_queue q on q.id = r.job_id
  left join darkroom.model_call c on c.id = r.call_id
