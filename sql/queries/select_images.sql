with chosen as materialized (
  select * from darkroom.choose($1::jsonpath, $2::jsonb, $3::text[])
)
select json_build_object('count', count(*), 'projects', count(distinct c.project_id),
  'users', count(distinct c.user_id), 'credits', coalesce(sum(darkroom.price_of(c.type)), 0),
  'kinds', (select coalesce(json_object_agg(type, n), '{}') from (
     select type, count(*) as n from chosen group by 1 order by 1) k),
  'models', (select coalesce(json_object_agg(model, n), '{}') from (
     select facts->>'model' as model, count(*) as n from chosen group by 1 order by 2 desc, 1) m),
  'payers', (select count(*) from (
     select c.user_id, sum(darkroom.price_of(c.type)) as due from chosen c group by 1) u
      where u.due <= (select coalesce(sum(t.amount), 0) from public."CreditTransaction" t
                       where t."userId" = u.user_id)),
  'missingCount', (select count(*) from unnest($3::text[]) x(id)
     where not exists (select 1 from chosen where id = x.id or url = x.id)),
  'missing', (select coalesce(json_agg(id), '[]') from (
     select x.id from unnest($3::text[]) x(id)
      where not exists (select 1 from chosen where id = x.id or url = x.id) limit 20) m),
  'rows', (select coalesce(json_agg(facts || jsonb_build_object('url', url)), '[]') from (
     select facts, url from chosen order by project_id, type, id limit $4::int) r))
  from chosen c
