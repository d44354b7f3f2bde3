select darkroom.cancel($1::uuid)
