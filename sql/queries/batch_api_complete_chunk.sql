select darkroom.batch_api_complete_chunk($1::uuid, $2::bigint, $3, $4)
