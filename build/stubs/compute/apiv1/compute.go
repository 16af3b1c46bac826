// Package compute stands in for the SDK's client of the Compute Engine API; see build/stubs/README.md.
package compute

import (
	"context"
	"errors"

	"cloud.google.com/go/compute/apiv1/computepb"
)

var errNotBuiltIn = errors.New("this collector is built without the Compute Engine API: leave out 'gcp::labels' in resource_detection, or build without the stand-in (build/stubs)")

// InstancesClient cannot be had.
type InstancesClient struct{}

// NewInstancesRESTClient fails.
func NewInstancesRESTClient(context.Context) (*InstancesClient, error) { return nil, errNotBuiltIn }

// Get fails.
func (*InstancesClient) Get(context.Context, *computepb.GetInstanceRequest) (*computepb.Instance, error) {
	return nil, errNotBuiltIn
}

// Close does nothing.
func (*InstancesClient) Close() error { return nil }
