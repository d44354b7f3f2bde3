select darkroom.dashboard_stopped()
