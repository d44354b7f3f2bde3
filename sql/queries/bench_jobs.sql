-- Distinct requests that jobs sent to models, newest first: {"images": [...], "texts": [...]}.
-- Includes failed calls, because they are part of the load. Repeated calls after a rejected answer
-- are left out. $1: maximum number of each.
with recent as (
  select * from darkroom.model_call a
   where a.call_index = 0 and a.outcome is not null
     and octet_length(a.request->>'prompt') between 1 and 4000
   order by a.id desc limit 20000
), images as (
  select a.request->>'prompt' as prompt, a.request->'width' as width,
         a.request->'height' as height, a.request->>'quality' as quality,
         a.request->'transparent' as transparent, a.request->'photos' as photos,
         case when a.request->'photos' <> '0'::jsonb then (
           select i.url from public."ProjectImage" i where i."projectId" = p.id
            order by i."order", i."createdAt", i.id limit 1) end as photo, p."userId" as "user", max(a.id) as last
    from recent a
    left join public.job_queue q on q.id = a.job_id
    left join public."Project" p on p.id = q.payload->>'projectId' and p."userId" = q.user_id
   where a.request ? 'width'
   group by 1, 2, 3, 4, 5, 6, 7, 8 order by last desc limit least(greatest($1::int, 0), 1000)
), texts as (
  select a.request->>'prompt' as prompt, max(a.id) as last from recent a
   where a.request->>'schema' = 'features'
   group by 1 order by last desc limit least(greatest($1::int, 0), 1000)
)
select json_build_object(
  'images', (select coalesce(json_agg(i order by i.last desc), '[]') from images i),
  'texts', (select coalesce(json_agg(t.prompt order by t.last desc), '[]') from texts t))
