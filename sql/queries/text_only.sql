-- Returns what `regenerate --text-only` must know about a selection. $1: SQL/JSON path, $2: its
-- variables, $3: ids, $4: id of a brand kit or null.
with chosen as materialized (
  select c.id, c.type, c.user_id, c.facts->>'plate' as plate
    from darkroom.select_images($1::jsonpath, $2::jsonb, $3::text[]) c
), kit as (
  select k."userId" as user_id from public."BrandKit" k where k.id = $4
)
select json_build_object('count', count(*),
  'withPlate', count(*) filter (where c.plate <> ''),
  'without', min(c.id) filter (where c.plate = ''),
  'plates', (select coalesce(json_agg(p), '[]') from (
     select type, plate, count(*) as count from chosen where plate <> '' group by 1, 2
      order by 1, 2) p),
  'kitUser', (select user_id from kit),
  'otherUsers', count(*) filter (where c.plate <> '' and c.user_id <> (select user_id from kit)))
  from chosen c
