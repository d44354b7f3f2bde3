select coalesce(json_agg(json_build_object('provider', c.provider, 'model', c.model, 'step', c.step,
    'width', c.width, 'height', c.height, 'quality', c.quality, 'count', c.count,
    'good', c.good, 'costUsd', c.usd, 'p50Ms', c.p50, 'p95Ms', c.p95)), '[]')
  from (
    select a.provider, a.model, a.step, (a.request->>'width')::int as width,
           (a.request->>'height')::int as height, a.request->>'quality' as quality,
           count(*) as count, count(*) filter (where a.outcome = 'ok') as good,
           avg(a.cost_microusd) / 1e6 as usd,
           percentile_disc(0.5) within group (order by a.ms) as p50,
           percentile_disc(0.95) within group (order by a.ms) as p95
      from darkroom.model_call a
     where a.sent_at > now() - $1::int * interval '1 day' and a.outcome in ('ok', 'rejected')
     group by 1, 2, 3, 4, 5, 6) c
