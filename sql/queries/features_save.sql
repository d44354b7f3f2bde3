select darkroom.features_save($1, $2, $3, $4, $5)
