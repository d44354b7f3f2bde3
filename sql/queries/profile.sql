-- Durations of calls to models in the last $1 days, as profile_read (src/model/profile.h) reads
-- them.
select json_build_object('schema', 1, 'calls', coalesce((
  select json_agg(json_build_object('provider', left(c.provider, 39), 'model', left(c.model, 79),
      'task', c.task, 'width', c.width, 'height', c.height, 'quality', left(c.quality, 23),
      'count', c.count, 'p50', c.p[1] / 1000.0, 'p90', c.p[2] / 1000.0, 'p95', c.p[3] / 1000.0,
      'p99', c.p[4] / 1000.0, 'mean', round(c.mean / 1000, 4), 'usd', c.usd) order by c.count desc)
    from (
      select a.provider, a.model, case when a.request ? 'width' then 'edit' else 'text' end as task,
             (a.request->>'width')::int as width, (a.request->>'height')::int as height,
             a.request->>'quality' as quality, count(*) as count, avg(a.ms) as mean,
             percentile_disc(array[0.5, 0.9, 0.95, 0.99]) within group (order by a.ms) as p,
             sum(a.cost_microusd) / 1e6 / nullif(count(*) filter (where a.outcome = 'ok'), 0) as usd
        from darkroom.model_call a
       where a.sent_at > now() - $1::int * interval '1 day' and a.ms between 1 and 86400000
         and a.outcome in ('ok', 'rejected')
         and a.step <> 'batch_api' -- their duration is the provider's queue
       group by 1, 2, 3, 4, 5, 6 order by count(*) desc limit 256) c), '[]'::json))
