-- Returns what an export of a project needs: its newest image of each type, the images of A+ modules,
-- newest first, the A+ content, and what was requested for it. $1: id of the project.
with image as (
  select g.*, darkroom.detail_of(g.id, g.metadata) as detail
    from public."GeneratedImage" g where g."projectId" = $1
), row as (
  select i.type, i."createdAt", i.id, json_build_object('id', i.id, 'type', i.type, 'url', i.url,
      'width', i.width, 'height', i.height, 'module', i.detail->'module',
      'checks', i.detail->'checks',
      -- the application records nothing; of its images only the main image is made without a model
      'aiMade', case when coalesce(i.detail->'aiGenerated' = 'true'::jsonb, i.type <> 'MAIN_IMAGE')
                     then 1 else 0 end) as facts
    from image i
)
select json_build_object('id', p.id, 'name', p.name, 'product', p."productName",
    'user', p."userId", 'status', p.status::text,
    'images', (select coalesce(json_agg(n.facts order by n.type), '[]') from (
       select distinct on (r.type) r.type, r.facts from row r where r.type <> 'A_PLUS_MODULE'
        order by r.type, r."createdAt" desc, r.id) n),
    'moduleImages', (select coalesce(json_agg(m.facts order by m."createdAt" desc, m.id), '[]') from (
       select * from row r where r.type = 'A_PLUS_MODULE' order by r."createdAt" desc, r.id
        limit 200) m),
    'aplus', (select json_build_object('premium', c."isPremium", 'modules', c.modules)
                from public."APlusContent" c where c."projectId" = p.id),
    'slots', (select coalesce(json_object_agg(s.slot, json_build_object('state', s.state,
         'message', case when q.status = 'failed' then q.error_message end)), '{}')
                from darkroom.slot s left join public.job_queue q on q.id = s.job_id
               where s.project_id = p.id))
  from public."Project" p where p.id = $1
