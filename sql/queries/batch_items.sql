select coalesce(json_agg(json_build_object('item', i.item, 'variant', i.variant,
    'source', i.source_id, 'project', i.project_id, 'user', i.user_id, 'type', i.type,
    'style', i.style, 'moduleRequest', i.module_request, 'product', p."productName",
    'job', i.job_id, 'model', i.model,
    'quality', i.quality, 'state', i.state, 'message', i.error, 'url', i.url, 'width', i.width,
    'height', i.height, 'size', i.size, 'metadata', i.metadata, 'costUsd',
    case when jsonb_typeof(i.metadata->'costUsd') = 'number' then i.metadata->'costUsd' end,
    'decision', i.decision, 'photo', (
      select x.url from public."ProjectImage" x where x."projectId" = i.project_id
       order by x."order", x."createdAt", x.id limit 1),
    'before', case when i.replaced is not null then json_build_object('url', i.replaced->'url',
        'width', i.replaced->'width', 'height', i.replaced->'height',
        'metadata', darkroom.detail_of(i.replaced->>'id', i.replaced->'metadata'))
      when g.id is not null then json_build_object('url', g.url, 'width', g.width,
        'height', g.height, 'metadata', darkroom.detail_of(g.id, g.metadata)) end)
          order by i.item, i.variant), '[]')
  from (select * from darkroom.batch_item x where x.batch_id = $1 and x.item > $2::int
           and x.item <= $2::int + $3::int) i
  left join public."GeneratedImage" g on g.id = i.source_id
  left join public."Project" p on p.id = i.project_id
