select darkroom.retry($1::uuid)
