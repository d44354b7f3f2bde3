-- Returns the rejected answers of the items after number $2, at most $3 items, of batch $1: the last
-- three of each variant, with their pictures in base64.
select coalesce(json_agg(json_build_object('item', i.item, 'variant', i.variant,
    'check', r.check_name, 'message', r.message,
    'picture', replace(encode(r.picture, 'base64'), E'\n', ''))
    order by i.item, i.variant, r.call_id), '[]')
  from darkroom.batch_item i
 cross join lateral (select * from darkroom.rejection x where x.job_id = i.job_id
                      order by x.call_id desc limit 3) r
 where i.batch_id = $1 and i.item > $2::int and i.item <= $2::int + $3::int
