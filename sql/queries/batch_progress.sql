select darkroom.batch_status(b) || jsonb_build_object('errors', darkroom.batch_errors(b.id),
    'p50Ms', t.p50, 'p95Ms', t.p95, 'workers', (select count(*) from darkroom.worker w
       where w.heartbeat_at > now() - interval '2 minutes' and not darkroom.worker_is_dead(w)))
  from darkroom.batch b,
       lateral (select percentile_disc(0.5) within group (order by a.ms) as p50,
                       percentile_disc(0.95) within group (order by a.ms) as p95
                  from darkroom.model_call a where a.batch_id = b.id and a.outcome = 'ok') t
 where b.id = $1
