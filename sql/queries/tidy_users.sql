select darkroom.tidy_users($1, 1000)
