// Package types stands in for the types of the EC2 API; see build/stubs/README.md.
package types

// Filter of a request.
type Filter struct {
	Name   *string
	Values []string
}

// TagDescription is a tag of some resource.
type TagDescription struct{ Key, Value *string }

// Tag is a tag of an instance.
type Tag struct{ Key, Value *string }

// InstanceType is the kind of an instance, such as m5.large.
type InstanceType string

// Instance is a machine.
type Instance struct {
	ImageId        *string //nolint:revive // the SDK's name
	InstanceType   InstanceType
	PrivateDnsName *string //nolint:revive // the SDK's name
	Tags           []Tag
}

// Reservation is a group of instances.
type Reservation struct {
	Instances []Instance
	OwnerId   *string //nolint:revive // the SDK's name
}
