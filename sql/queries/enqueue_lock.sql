select json_build_object('user', u.id, 'email', u.email, 'project', p.id, 'name', p.name)
  from public."Project" p join public."User" u on u.id = p."userId"
 where p.id = $1 for no key update of u
