select darkroom.batch_api_load($1::uuid, $2::bigint, $3)
