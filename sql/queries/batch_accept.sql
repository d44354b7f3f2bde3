select darkroom.batch_accept($1, $2::int, $3::int, $4)
