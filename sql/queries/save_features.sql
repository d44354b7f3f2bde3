select darkroom.save_features($1, $2, $3, $4, $5)
