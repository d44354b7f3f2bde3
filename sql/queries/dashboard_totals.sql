select darkroom.dashboard_totals()
