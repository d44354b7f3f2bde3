select darkroom.batch_pause($1, $2)
