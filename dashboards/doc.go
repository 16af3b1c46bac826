// Package dashboards holds Grafana dashboards (grafana/, rendered by gen), alert rules (alerts/) and their tests.
package dashboards

//go:generate go run ./gen grafana
