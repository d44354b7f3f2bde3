select darkroom.batch_api_reset_chunk($1::uuid, $2::bigint, $3)
