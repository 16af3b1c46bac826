// Package computepb stands in for the messages of the Compute Engine API; see build/stubs/README.md.
package computepb

// GetInstanceRequest names an instance.
type GetInstanceRequest struct{ Project, Zone, Instance string }

// Instance is a machine.
type Instance struct{ Labels map[string]string }

// GetLabels returns the labels.
func (i *Instance) GetLabels() map[string]string { return i.Labels }
