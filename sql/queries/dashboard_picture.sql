select darkroom.dashboard_picture($1, $2)
