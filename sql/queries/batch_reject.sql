select darkroom.batch_reject($1, $2::int, $3::int, $4)
