select darkroom.goodbye($1)
