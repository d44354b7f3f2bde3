select darkroom.batch_api_reschedule($1::uuid, $2::bigint, $3, $4, $5::bigint, $6)
