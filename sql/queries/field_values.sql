-- For conditions that nothing meets: $1 is a JSON array of [field, value], $2 a batch for its candidates,
-- null for images. Returns the first of them whose value none has, with the most frequent values of that
-- field. A field may be a list.
with wanted as (
  select w.test->>0 as field, w.test->>1 as value, w.place
    from jsonb_array_elements($1::jsonb) with ordinality w(test, place)
), fact as materialized (
  select s.facts || darkroom.more_facts(s.facts, s.metadata, '{"more":true}') as facts
    from darkroom.selectable s where s.newest and $2::text is null
  union all
  select d.facts || darkroom.more_facts(d.facts, d.metadata, '{"more":true}')
    from darkroom.decidable d where d.batch = $2
), existing as materialized (
  select w.field, v.value #>> '{}' as value, count(*) as count
    from (select distinct field from wanted) w, fact f,
         jsonb_path_query(f.facts->w.field, '$[*]') v(value)
   where v.value #>> '{}' <> ''
   group by 1, 2
), absent as (
  select w.field, w.value from wanted w
   where not exists (select 1 from existing e where e.field = w.field and e.value = w.value)
   order by w.place limit 1
)
select json_build_object('field', a.field, 'value', a.value, 'values', (
    select coalesce(json_agg(v.value order by v.count desc, v.value), '[]')
      from (select left(e.value, 60) as value, e.count
              from existing e where e.field = a.field
             order by e.count desc, e.value limit 8) v))
  from absent a
