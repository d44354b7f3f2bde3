select darkroom.batch_api_mark_sending($1::uuid, $2::bigint, $3, $4)
