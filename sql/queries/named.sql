-- Resolves users (by id or e-mail address) and projects. $1, $2: one per line.
with users as (
  select x.name, (select u.id from public."User" u where u.id = x.name or u.email = x.name
                   order by u.id = x.name desc limit 1) as id
    from unnest(string_to_array($1, e'\n')) x(name)
)
select json_build_object('users', (select string_agg(id, e'\n') from users),
  'noUser', (select min(name) from users where id is null),
  'noProject', (select min(x.name) from unnest(string_to_array($2, e'\n')) x(name)
     where not exists (select 1 from public."Project" p where p.id = x.name)))
