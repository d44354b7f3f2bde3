select darkroom.batch_enqueue($1)
