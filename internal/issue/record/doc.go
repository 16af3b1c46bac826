// Package record finds the errors in log records and spans, whatever the logger or SDK that wrote
// them, and takes from a record what grouping, the registry and the trackers need.
//
// Looking at a record that is no error allocates nothing.
package record
