select darkroom.give_back($1, $2)
