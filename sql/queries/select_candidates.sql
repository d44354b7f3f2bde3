-- The candidates of batch $1 that the filter $2 with the variables $3 selects: [[item, variant], ...].
select coalesce(json_agg(json_build_array(d.item, d.variant) order by d.item, d.variant), '[]')
  from darkroom.decidable d
 where d.batch = $1
   and coalesce(jsonb_path_match(
         case when $3::jsonb ?| '{like,more}' then d.facts || darkroom.more_facts(d.facts, d.metadata, $3::jsonb)
              else d.facts end, $2::jsonpath, $3::jsonb, true), false)
