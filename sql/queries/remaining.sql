select darkroom.left_over($1)
