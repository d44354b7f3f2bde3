-- The prompts of the last images that were paid for, each once, the newest first.
-- $1: how many at most.
select coalesce(json_agg(p.prompt order by p.last desc), '[]')
  from (select a.request->>'prompt' as prompt, max(a.id) as last
          from darkroom.attempt a
         where a.request ? 'width' and a.outcome = 'ok' and length(a.request->>'prompt') between 1 and 4000
         group by 1 order by 2 desc limit least(greatest($1::int, 0), 1000)) p;
