-- For conditions that no image meets: $1 is a JSON array of [field, value]. Returns the first of them
-- whose value no image has, with the most frequent values of that field.
with wanted as (
  select w.test->>0 as field, w.test->>1 as value, w.place
    from jsonb_array_elements($1::jsonb) with ordinality w(test, place)
), fact as materialized (
  select s.facts || darkroom.more_facts(s.facts, s.metadata, '{"more":true}') as facts
    from darkroom.selectable s where s.newest
), absent as (
  select w.field, w.value from wanted w
   where not exists (select 1 from fact f where f.facts->>w.field = w.value)
   order by w.place limit 1
)
select json_build_object('field', a.field, 'value', a.value, 'values', (
    select coalesce(json_agg(v.value order by v.count desc, v.value), '[]')
      from (select left(f.facts->>a.field, 60) as value, count(*) as count
              from fact f where coalesce(f.facts->>a.field, '') <> ''
             group by 1 order by 2 desc, 1 limit 8) v))
  from absent a
