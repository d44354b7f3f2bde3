select darkroom.batch_cancel($1)
