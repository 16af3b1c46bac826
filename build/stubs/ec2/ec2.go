// Package ec2 stands in for the SDK's client of the EC2 API; see build/stubs/README.md.
package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var errNotBuiltIn = errors.New("this collector is built without the EC2 API: leave out 'ec2::tags' and the cluster name of 'eks' in resource_detection, or build without the stand-in (build/stubs)")

// Client answers every call with an error.
type Client struct{}

// Options of a call.
type Options struct{ Region string }

// NewFromConfig returns a client.
func NewFromConfig(aws.Config, ...func(*Options)) *Client { return &Client{} }

// DescribeTagsAPIClient is what reads tags.
type DescribeTagsAPIClient interface {
	DescribeTags(context.Context, *DescribeTagsInput, ...func(*Options)) (*DescribeTagsOutput, error)
}

// DescribeTagsInput selects tags.
type DescribeTagsInput struct{ Filters []types.Filter }

// DescribeTagsOutput lists tags.
type DescribeTagsOutput struct{ Tags []types.TagDescription }

// DescribeInstancesInput selects instances.
type DescribeInstancesInput struct{ InstanceIds []string }

// DescribeInstancesOutput lists instances.
type DescribeInstancesOutput struct{ Reservations []types.Reservation }

// DescribeTags fails.
func (*Client) DescribeTags(context.Context, *DescribeTagsInput, ...func(*Options)) (*DescribeTagsOutput, error) {
	return nil, errNotBuiltIn
}

// DescribeInstances fails.
func (*Client) DescribeInstances(context.Context, *DescribeInstancesInput, ...func(*Options)) (*DescribeInstancesOutput, error) {
	return nil, errNotBuiltIn
}
