-- Returns what a filter or a list of ids selects, with the data for an estimate.
-- $1: SQL/JSON path, $2: its variables, $3: ids, $4: rows to list, $5: candidates per image.
with chosen as materialized (
  select c.*, darkroom.price_of(c.type) * greatest($5::int, 1) as credits
    from darkroom.select_images($1::jsonpath, $2::jsonb, $3::text[]) c
), with_features as (
  select p.id from public."Project" p join darkroom.product_features f
      on f.project_id = p.id and f.hash = darkroom.text_hash(p)
   where p.id in (select project_id from chosen)
), named as (
  select unnest($3::text[]) as id
  except (select id from chosen union all select url from chosen where url is not null)
), short_of_credits as (
  select u.user_id, u.due, u.min_price, b.balance from (
      select user_id, sum(credits) as due, min(darkroom.price_of(type)) as min_price
        from chosen group by 1) u, lateral (
      select coalesce(sum(t.amount), 0) as balance from public."CreditTransaction" t
       where t."userId" = u.user_id) b
   where b.balance < u.due
)
select json_build_object('count', count(*), 'projects', count(distinct c.project_id),
  'users', count(distinct c.user_id), 'credits', coalesce(sum(c.credits), 0),
  'groups', (select coalesce(json_agg(g), '[]') from (
     select type, coalesce(module_request->>'moduleType', '') as "moduleType", count(*) as count,
            count(*) filter (where facts->>'provider' = 'darkroom') as "madeLocally",
            count(*) filter (where facts->>'provider' not in ('', 'darkroom')) as "madeByModel",
            count(*) filter (where project_id not in (select id from with_features))
              as "withoutFeatures"
       from chosen group by 1, 2 order by 1, 2) g),
  'models', (select coalesce(json_object_agg(model, n), '{}') from (
     select facts->>'model' as model, count(*) as n from chosen group by 1 order by 2 desc, 1) m),
  'shortOfCreditsCount', (select count(*) from short_of_credits),
  'withoutCreditsCount', (select count(*) from short_of_credits where balance < min_price),
  'shortOfCredits', (select coalesce(json_agg(p), '[]') from (
     select o.user_id as "user", u.email, o.due, o.balance
       from short_of_credits o left join public."User" u on u.id = o.user_id
      order by o.due - o.balance desc, o.user_id limit 20) p),
  'missingCount', (select count(*) from named),
  'missing', (select coalesce(json_agg(id), '[]')
    from (select id from named order by id limit 20) m),
  'rows', (select coalesce(json_agg(facts || jsonb_build_object('url', url)), '[]') from (
     select facts, url from chosen order by project_id, type, id limit $4::int) r))
  from chosen c
