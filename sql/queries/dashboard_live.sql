select darkroom.dashboard_live()
