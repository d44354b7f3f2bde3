select darkroom.batch_api_move_items($1::uuid, $2::bigint, $3, $4::uuid[])
