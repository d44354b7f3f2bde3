select json_build_object(
    'pending', count(*) filter (where status = 'pending'),
    'processing', count(*) filter (where status = 'processing'),
    'failedToday', count(*) filter (where status = 'failed'
                                      and completed_at > now() - interval '1 day'),
    'lapsed', count(*) filter (where status = 'processing' and darkroom_lease_until < now()),
    'oldestSeconds', coalesce(ceil(extract(epoch from now() - min(darkroom_run_at)
                                filter (where status = 'pending' and darkroom_run_at <= now()
                                              and isfinite(darkroom_run_at)))), 0),
    'workers', (select count(*) from darkroom.worker
                 where heartbeat_at > now() - interval '2 minutes'),
    'owed', (select json_build_object('refunds', count(*), 'credits', sum(o.credits), 'reason',
               (array_agg(o.reason order by o.since, o.job_id))[1])
               from darkroom.owed_refund o having count(*) > 0),
    'belowZero', (select count(*) from (select 1 from public."CreditTransaction"
                    group by "userId" having sum(amount) < 0) u))
  from public.job_queue where status in ('pending', 'processing')
    or completed_at > now() - interval '1 day'
