-- Finds what an operator means by an id or its first characters. $1: job, image, project,
-- batch or user, $2: the text. "id" is null unless it is exactly one; an exact match wins over longer ids, and an
-- e-mail address over its beginnings.
with wanted as (
  select $2::text as text, rpad(translate(lower($2), '-', ''), 32, '0') as low,
         rpad(translate(lower($2), '-', ''), 32, 'f') as high
), found as (
  (select q.id::text as id, 2 as rank, null as note from public.job_queue q, wanted w
    where $1::text = 'job' and w.low ~ '^[0-9a-f]{32}$'
      and q.id between case when w.low ~ '^[0-9a-f]{32}$' then w.low::uuid end
                   and case when w.high ~ '^[0-9a-f]{32}$' then w.high::uuid end
    limit 12)
  union all
  (select i.id, min(i.rank), null from (
     select g.id, case when g.id = w.text then 0 else 2 end as rank
       from public."GeneratedImage" g, wanted w
      where $1::text = 'image' and starts_with(g.id, w.text)
     union all
     select q.id::text, 2 from public.job_queue q, wanted w
      where $1::text = 'image' and w.low ~ '^[0-9a-f]{32}$'
        and q.id between case when w.low ~ '^[0-9a-f]{32}$' then w.low::uuid end
                     and case when w.high ~ '^[0-9a-f]{32}$' then w.high::uuid end
     union all
     select b.job_id::text, 2 from darkroom.batch_item b, wanted w
      where $1::text = 'image' and w.low ~ '^[0-9a-f]{32}$'
        and b.job_id between case when w.low ~ '^[0-9a-f]{32}$' then w.low::uuid end
                         and case when w.high ~ '^[0-9a-f]{32}$' then w.high::uuid end) i
    group by i.id order by 2 limit 12)
  union all
  (select p.id, case when p.id = w.text then 0 else 2 end, p."productName"
     from public."Project" p, wanted w where $1::text = 'project' and starts_with(p.id, w.text)
    order by 2 limit 12)
  union all
  (select b.id, case when b.id = w.text then 0 when starts_with(b.id, w.text || '-') then 1 else 2 end,
          null
     from darkroom.batch b, wanted w where $1::text = 'batch' and starts_with(b.id, w.text)
    order by 2 limit 12)
  union all
  (select u.id, case when u.id = w.text then 0 when lower(u.email) = lower(w.text) then 1
                     else 2 end, u.email
     from public."User" u, wanted w
    where $1::text = 'user'
      and (starts_with(u.id, w.text) or starts_with(lower(u.email), lower(w.text)))
    order by 2 limit 12)
)
select json_build_object(
  'id', (select min(f.id) from found f where f.rank = (select min(x.rank) from found x)
         having count(*) = 1),
  'matches', (select coalesce(json_agg(json_build_object('id', f.id, 'note', f.note)
                                       order by f.rank, f.id), '[]') from found f))
