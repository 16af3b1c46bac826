// Package eventlog writes an [issue.Notice] as the log record that the issues connector emits, and
// reads such a record back. docs/issue-event.md describes the record to users and
// docs/issue-event.schema.json is its schema.
package eventlog

// Attributes of an issue event.
const (
	AttrID            = "issue.id"             // 16 lower-case hex digits
	AttrTitle         = "issue.title"          //
	AttrCulprit       = "issue.culprit"        //
	AttrOwner         = "issue.owner"          //
	AttrService       = "issue.service"        // where the error was thrown
	AttrLevel         = "issue.level"          // fatal, error, warning, info, debug
	AttrState         = "issue.state"          // new, ongoing, resolved, regressed, escalating, muted
	AttrPreviousState = "issue.previous_state" // of issue.state_changed
	AttrReason        = "issue.reason"         // of issue.state_changed
	AttrMilestone     = "issue.milestone"      // of issue.milestone; int
	AttrCount         = "issue.count"          // int
	AttrUsers         = "issue.users"          // int
	AttrFirstSeen     = "issue.first_seen"     // RFC 3339 with nanoseconds
	AttrLastSeen      = "issue.last_seen"      // RFC 3339 with nanoseconds
	AttrURL           = "issue.url"            //
	AttrEventID       = "issue.event_id"       // 32 lower-case hex digits, the occurrence's key
	AttrBasis         = "issue.basis"          // rule, stack, message, operation
	AttrRepeat        = "issue.repeat"         // bool; on records of a failure that is already counted
	AttrRepeatOf      = "issue.repeat_of"      // on a repeat: the issue that counts the failure, where it is another one
	AttrInTrace       = "issue.in_trace"       // on spans whose trace has an issue
)

// Attributes of an exception, as the semantic conventions name them
// (https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/).
const (
	attrExceptionType  = "exception.type"
	attrExceptionText  = "exception.message"
	attrExceptionStack = "exception.stacktrace"
)

// Resource attributes with a meaning of their own in an event.
const (
	attrServiceName    = "service.name"
	attrServiceVersion = "service.version"
	attrEnvironment    = "deployment.environment.name"
	attrEnvironmentOld = "deployment.environment" // before semantic conventions 1.27
)
