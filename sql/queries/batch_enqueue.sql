select darkroom.batch_enqueue($1, coalesce($2::int, 1000))
