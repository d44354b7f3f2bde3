select darkroom.batch_resume($1, $2::bigint)
