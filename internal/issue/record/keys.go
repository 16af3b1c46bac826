package record

// field is what a key of an attribute, a body map or a JSON line means.
type field uint8

const (
	fNone field = iota
	fType
	fMessage
	fStack
	fMaybeStack // a stack trace if it looks like one: `stack` may be the name of a deployment as well
	fThrown     // an exception as a map, as its stack trace or as `Type: message`
	// What loggers and SDKs write for errors that are none of the record's own level too:
	fErrorType    // error.type: a class, or just a status ("500", "timeout")
	fErrorMessage // error.message
	fObject       // a map with type, message and stack; or a string: the text of an error
	fEscaped
	fHandled
	fLevel
	fLevelNumber // Python's levelno
	fLogger
	fTemplate
	fText // the log line itself, in a body
	fTransaction
	fEventName
	fCodeFunction
	fCodeFile
	fCodeLine
	fTime
	numFields
)

// fieldOf knows the keys of the semantic conventions, Elastic's ECS, Datadog, Sentry and New Relic,
// and what the common loggers write by themselves: log4j2, logback, java.util.logging, Serilog, NLog,
// Python's logging, structlog, loguru, pino, winston, bunyan, zap, zerolog, logrus, slog, semantic
// logger, Monolog, tracing.
//
//nolint:gocyclo // a table; a switch needs neither hashing nor allocation
func fieldOf(key string) field {
	switch key {
	case "exception.type", "exception_type", "exceptionType", "exception.class", "exception_class", "exceptionClass",
		"exc_type", "exc_class", "ExceptionType", "thrown.name":
		return fType
	case "exception.message", "exception_message", "exceptionMessage", "exc_message", "exc_value", "exception.value",
		"ExceptionMessage", "thrown.message":
		return fMessage
	case "exception.stacktrace", "exception.stack_trace", "exception_stacktrace", "exception.stack", "exception_stack",
		"exceptionStacktrace", "exception.backtrace", "error.stack_trace", "error.stacktrace", "error.stack", "err.stack",
		"err.stack_trace", "err.stacktrace", "thrown.extendedStackTrace", "thrown.stackTrace", "exception.traceback":
		return fStack
	case "errorVerbose", "error_verbose", "errVerbose", "error.verbose", "stack_trace", "stacktrace", "stackTrace", "StackTrace",
		"stack", "Stack", "backtrace", "traceback", "error_stack", "errorStack", "error_stack_trace", "error.backtrace",
		"error.traceback", "error.details", "exception.details", "exc_text", "full_message", "callstack", "trace":
		return fMaybeStack
	case "exception", "Exception", "@x", "exc", "exc_info", "thrown", "throwable", "Throwable", "error.exc_info":
		return fThrown
	case "error.type", "error.kind", "error.name", "error.class", "error_class", "error_type", "errorType", "error_kind",
		"err.type", "err.name", "err.kind":
		return fErrorType
	case "error.message", "error.msg", "error_message", "errorMessage", "err.message", "err.msg", "err_message", "error.reason":
		return fErrorMessage
	case "error", "err", "ex", "cause", "@error", "errors", "Error":
		return fObject
	case "exception.escaped":
		return fEscaped
	case "exception.handled", "exception.mechanism.handled", "mechanism.handled", "sentry.handled", "error.handled",
		"sentry.mechanism.handled":
		return fHandled
	case "level", "Level", "severity", "Severity", "log.level", "loglevel", "logLevel", "log_level", "lvl", "levelname",
		"level_name", "@l", "LogLevel", "severity_text", "severityText", "levelName", "sentry.level", "LEVEL":
		return fLevel
	case "levelno":
		return fLevelNumber
	case "logger", "logger.name", "logger_name", "log.logger", "loggerName", "Logger", "SourceContext",
		"sentry.logger", "log.logger.name":
		return fLogger
	case "log.record.template", "message.template", "message_template", "messageTemplate", "{OriginalFormat}", "@mt",
		"MessageTemplate", "sentry.message.template", "logentry.message", "log.template", "log.message.template",
		"OriginalFormat", "log.record.original_format", "msg_template":
		return fTemplate
	case "message", "msg", "@m", "log", "event", "RenderedMessage", "short_message", "text", "Message", "@message", "MESSAGE":
		return fText
	case "transaction", "sentry.transaction", "transaction.name":
		return fTransaction
	case "event.name":
		return fEventName
	case "code.function.name", "code.function":
		return fCodeFunction
	case "code.file.path", "code.filepath":
		return fCodeFile
	case "code.line.number", "code.lineno":
		return fCodeLine
	default:
		return fNone
	}
}

// memberOf is the meaning of a key inside a map that stands for an error, {"error": {"type": ...}}.
func memberOf(key string) field {
	switch key {
	case "type", "name", "class", "kind", "Type", "ClassName", "class_name", "@type", "className", "exc_type", "Name":
		return fType
	case "message", "msg", "Message", "reason", "detail", "value", "exc_value", "localizedMessage":
		return fMessage
	case "stack", "stack_trace", "stacktrace", "stackTrace", "StackTrace", "StackTraceString", "backtrace", "traceback",
		"extendedStackTrace", "trace", "exc_info", "verbose", "Stack", "@x":
		return fStack
	case "handled":
		return fHandled
	default:
		return fieldOf(key)
	}
}

// container tells a key of a body under which loggers put everything else.
func container(key string) bool {
	switch key {
	case "attributes", "context", "extra", "fields", "data", "meta", "Properties", "properties", "payload", "log", "record",
		"contextMap", "attrs", "labels", "info", "mdc":
		return true
	default:
		return false
	}
}
