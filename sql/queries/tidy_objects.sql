select darkroom.tidy_objects($1, 1000)
