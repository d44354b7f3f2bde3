select json_build_object('id', q.id, 'type', q.job_type, 'status', q.status, 'payload', q.payload,
    'project', q.payload->>'projectId', 'user', q.user_id, 'retries', q.retry_count,
    'maxRetries', q.max_retries, 'busy', q.darkroom_busy, 'losses', q.darkroom_losses,
    'lease', q.darkroom_lease,
    'worker', q.darkroom_leased_by, 'message', q.error_message,
    'errorDetail', (select f.detail from darkroom.job_failure f where f.job_id = q.id
                     order by f.id desc limit 1),
    'failures', (select coalesce(json_agg(json_build_object('lease', f.lease, 'worker', f.worker,
        'failed', to_char(f.failed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'message', f.message, 'detail', f.detail) order by f.id), '[]')
        from darkroom.job_failure f where f.job_id = q.id),
    'created', to_char(q.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'completed', to_char(q.completed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'due', to_char(q.darkroom_run_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'refusedBecause', (select u.reason from darkroom.unclaimable_job u
        where u.job_id = q.id and q.status = 'pending' and u.since > now() - interval '5 minutes'),
    'answer', (select 'paid, in spool ' || k.spool || ' since '
        || to_char(k.since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        from darkroom.kept_answer k where k.job_id = q.id),
    'charge', (select json_build_object('slot', c.slot, 'credits', c.credits, 'source', c.source,
                 'state', c.state)
                 from darkroom.charge c where c.job_id = q.id),
    'refundedCredits', (select coalesce(sum(t.amount), 0) from public."CreditTransaction" t
                  where t.id like 'refund:' || q.id || ':%'),
    'pack', (select c.parent_id from darkroom.child_job c join darkroom.pack p on p.job_id = c.parent_id
              where c.job_id = q.id),
    'parts', (select json_agg(json_build_object('part', p.slot, 'job', p.job_id, 'state', p.state,
        'refundedCredits', p.refunded, 'message', p.message) order by p.ord)
        from darkroom.pack_parts(q.id) p where exists (
          select 1 from darkroom.pack k where k.job_id = q.id)),
    'image', (select g.url from public."GeneratedImage" g where g.id = q.id::text),
    'runningSeconds', case when q.status = 'processing' and isfinite(q.processed_at)
      then round(extract(epoch from now() - q.processed_at)::numeric, 1) end,
    -- durations of the last jobs of this kind, to estimate the rest of a running one
    'typicalSeconds', (select json_build_object('count', count(*),
        'p50', round((percentile_disc(0.5) within group (order by took))::numeric, 1),
        'p95', round((percentile_disc(0.95) within group (order by took))::numeric, 1))
      from (select extract(epoch from d.completed_at - d.processed_at) as took
              from public.job_queue d
             where d.status = 'completed' and d.job_type = q.job_type
               and d.payload->>'imageType' is not distinct from q.payload->>'imageType'
               and isfinite(d.processed_at) and isfinite(d.completed_at)
             order by d.completed_at desc limit 200) l),
    'calls', (select coalesce(json_agg(json_build_object('step', a.step, 'call', a.call_index,
        'provider', a.provider, 'model', a.model, 'outcome', coalesce(a.outcome, 'not known'),
        'http', a.http_status, 'ms', a.ms, 'usd', a.cost_microusd / 1e6, 'requestId', a.request_id,
        'sent', to_char(a.sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'worker', a.worker, 'message', a.error) order by a.id), '[]')
        from darkroom.model_call a where a.job_id = q.id),
    'retriedAs', (select c.retried_as from darkroom.claimed_job c where c.job_id = q.id))
  from public.job_queue q where q.id = $1::uuid
