select json_build_object('project', p.id, 'name', p.name, 'product', p."productName",
    'status', p.status::text, 'user', p."userId",
    'photos', (select count(*) from public."ProjectImage" i where i."projectId" = p.id),
    'described', coalesce(length(p.description), 0) > 0)
  from public."Project" p where p.id = $1
