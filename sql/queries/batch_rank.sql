update darkroom.batch_item set rank = $4::jsonb
 where batch_id = $1 and item = $2::int and variant = $3::int
returning '{"ranked":true}'::jsonb
