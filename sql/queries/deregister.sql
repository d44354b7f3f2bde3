select darkroom.deregister($1)
