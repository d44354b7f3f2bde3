select darkroom.batch_revert($1, $2::int, $3::int, $4)
