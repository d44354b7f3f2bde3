select darkroom.tidy_unknown_objects($1::text[])
