/**
 * Every status: name, number, COM constant, meaning (`errors` 4). The number identifies an error, the name does not (ER-3).
 *
 * Canonical numbers are unsigned 32-bit; scripts see the signed form of the same bits (ER-1). Two numbers that the PutAsync
 * page prints are misprints; they stand in the `page` column and nowhere else (`errors` 3). Two veto constants of the
 * scripting enumeration are swapped against the wire; `com` keeps the enumeration's name, `status` says what the number
 * means (`errors` K-2).
 *
 * @since 0.1.0
 */

/**
 * The name of a status.
 *
 * @since 0.1.0
 * @category models
 */
export type Status =
  | "NoError"
  | "Failed"
  | "NotFound"
  | "AccessDenied"
  | "ProviderFailure"
  | "TypeMismatch"
  | "OutOfMemory"
  | "InvalidContext"
  | "InvalidParameter"
  | "NotAvailable"
  | "CriticalError"
  | "InvalidStream"
  | "NotSupported"
  | "InvalidSuperclass"
  | "InvalidNamespace"
  | "InvalidObject"
  | "InvalidClass"
  | "ProviderNotFound"
  | "InvalidProviderRegistration"
  | "ProviderLoadFailure"
  | "InitializationFailure"
  | "TransportFailure"
  | "InvalidOperation"
  | "InvalidQuery"
  | "InvalidQueryType"
  | "AlreadyExists"
  | "OverrideNotAllowed"
  | "PropagatedQualifier"
  | "PropagatedProperty"
  | "Unexpected"
  | "IllegalOperation"
  | "CannotBeKey"
  | "IncompleteClass"
  | "InvalidSyntax"
  | "NondecoratedObject"
  | "ReadOnly"
  | "ProviderNotCapable"
  | "ClassHasChildren"
  | "ClassHasInstances"
  | "QueryNotImplemented"
  | "IllegalNull"
  | "InvalidQualifierType"
  | "InvalidPropertyType"
  | "ValueOutOfRange"
  | "CannotBeSingleton"
  | "InvalidCimType"
  | "InvalidMethod"
  | "InvalidMethodParameters"
  | "SystemProperty"
  | "InvalidProperty"
  | "CallCancelled"
  | "ShuttingDown"
  | "PropagatedMethod"
  | "UnsupportedParameter"
  | "MissingParameter"
  | "InvalidParameterId"
  | "NonConsecutiveParameterIds"
  | "ParameterIdOnRetval"
  | "InvalidObjectPath"
  | "OutOfDiskSpace"
  | "BufferTooSmall"
  | "UnsupportedPutExtension"
  | "UnknownObjectType"
  | "UnknownPacketType"
  | "MarshalVersionMismatch"
  | "MarshalInvalidSignature"
  | "InvalidQualifier"
  | "InvalidDuplicateParameter"
  | "TooMuchData"
  | "ServerTooBusy"
  | "InvalidFlavor"
  | "CircularReference"
  | "UnsupportedClassUpdate"
  | "CannotChangeKeyInheritance"
  | "CannotChangeIndexInheritance"
  | "TooManyProperties"
  | "UpdateTypeMismatch"
  | "UpdateOverrideNotAllowed"
  | "UpdatePropagatedMethod"
  | "MethodNotImplemented"
  | "MethodDisabled"
  | "RefresherBusy"
  | "UnparsableQuery"
  | "NotEventClass"
  | "MissingGroupWithin"
  | "MissingAggregationList"
  | "PropertyNotAnObject"
  | "AggregatingByObject"
  | "UninterpretableProviderQuery"
  | "BackupRestoreWinmgmtRunning"
  | "QueueOverflow"
  | "PrivilegeNotHeld"
  | "InvalidOperator"
  | "LocalCredentials"
  | "CannotBeAbstract"
  | "AmendedObject"
  | "ClientTooSlow"
  | "NullSecurityDescriptor"
  | "Timeout"
  | "InvalidAssociation"
  | "AmbiguousOperation"
  | "QuotaViolation"
  | "TransactionConflict"
  | "ForcedRollback"
  | "UnsupportedLocale"
  | "HandleOutOfDate"
  | "ConnectionFailed"
  | "InvalidHandleRequest"
  | "PropertyNameTooWide"
  | "ClassNameTooWide"
  | "MethodNameTooWide"
  | "QualifierNameTooWide"
  | "RerunCommand"
  | "DatabaseVerMismatch"
  | "VetoDelete"
  | "VetoPut"
  | "InvalidLocale"
  | "ProviderSuspended"
  | "SynchronizationRequired"
  | "NoSchema"
  | "ProviderAlreadyRegistered"
  | "ProviderNotRegistered"
  | "FatalTransportError"
  | "EncryptedConnectionRequired"
  | "ProviderTimedOut"
  | "NoKey"
  | "ProviderDisabled"
  | "RegistrationTooBroad"
  | "RegistrationTooPrecise"
  | "AuthzNotPrivileged"
  | "Timedout"
  | "ResetToDefault"

/**
 * One status.
 *
 * @since 0.1.0
 * @category models
 */
export interface Row {
  /** The library's name, the COM name without its prefix. */
  readonly status: Status
  /** The number, unsigned. */
  readonly hresult: number
  /** The constant of the scripting enumeration, or of COM where scripting has none. */
  readonly com: string
  readonly meaning: string
  /** The number that the PutAsync page prints, where it is another one. */
  readonly page?: number
}

/**
 * The complete table, by number.
 *
 * @since 0.1.0
 * @category models
 */
export const table: ReadonlyArray<Row> = [
  { status: "NoError", hresult: 0x00000000, com: "wbemNoErr", meaning: "success" },
  { status: "Failed", hresult: 0x80041001, com: "wbemErrFailed", meaning: "unspecified failure" },
  { status: "NotFound", hresult: 0x80041002, com: "wbemErrNotFound", meaning: "object does not exist" },
  { status: "AccessDenied", hresult: 0x80041003, com: "wbemErrAccessDenied", meaning: "right missing" },
  {
    status: "ProviderFailure",
    hresult: 0x80041004,
    com: "wbemErrProviderFailure",
    meaning: "provider broke while running"
  },
  { status: "TypeMismatch", hresult: 0x80041005, com: "wbemErrTypeMismatch", meaning: "value of the wrong type" },
  { status: "OutOfMemory", hresult: 0x80041006, com: "wbemErrOutOfMemory", meaning: "memory exhausted" },
  {
    status: "InvalidContext",
    hresult: 0x80041007,
    com: "wbemErrInvalidContext",
    meaning: "context values inconsistent"
  },
  { status: "InvalidParameter", hresult: 0x80041008, com: "wbemErrInvalidParameter", meaning: "parameter not valid" },
  {
    status: "NotAvailable",
    hresult: 0x80041009,
    com: "wbemErrNotAvailable",
    meaning: "resource (usually a remote server) unavailable"
  },
  {
    status: "CriticalError",
    hresult: 0x8004100a,
    com: "wbemErrCriticalError",
    meaning: "internal catastrophic failure"
  },
  { status: "InvalidStream", hresult: 0x8004100b, com: "wbemErrInvalidStream", meaning: "corrupt packets" },
  { status: "NotSupported", hresult: 0x8004100c, com: "wbemErrNotSupported", meaning: "feature not supported" },
  {
    status: "InvalidSuperclass",
    hresult: 0x8004100d,
    com: "wbemErrInvalidSuperclass",
    meaning: "parent class not valid"
  },
  { status: "InvalidNamespace", hresult: 0x8004100e, com: "wbemErrInvalidNamespace", meaning: "namespace not found" },
  {
    status: "InvalidObject",
    hresult: 0x8004100f,
    com: "wbemErrInvalidObject",
    meaning: "object not valid",
    page: 0x80041014
  },
  { status: "InvalidClass", hresult: 0x80041010, com: "wbemErrInvalidClass", meaning: "class not valid" },
  {
    status: "ProviderNotFound",
    hresult: 0x80041011,
    com: "wbemErrProviderNotFound",
    meaning: "provider not registered"
  },
  {
    status: "InvalidProviderRegistration",
    hresult: 0x80041012,
    com: "wbemErrInvalidProviderRegistration",
    meaning: "registration incomplete"
  },
  {
    status: "ProviderLoadFailure",
    hresult: 0x80041013,
    com: "wbemErrProviderLoadFailure",
    meaning: "provider cannot be located or loaded"
  },
  {
    status: "InitializationFailure",
    hresult: 0x80041014,
    com: "wbemErrInitializationFailure",
    meaning: "component failed to initialise"
  },
  { status: "TransportFailure", hresult: 0x80041015, com: "wbemErrTransportFailure", meaning: "network failure" },
  { status: "InvalidOperation", hresult: 0x80041016, com: "wbemErrInvalidOperation", meaning: "operation not valid" },
  { status: "InvalidQuery", hresult: 0x80041017, com: "wbemErrInvalidQuery", meaning: "query malformed" },
  {
    status: "InvalidQueryType",
    hresult: 0x80041018,
    com: "wbemErrInvalidQueryType",
    meaning: "query language unsupported"
  },
  { status: "AlreadyExists", hresult: 0x80041019, com: "wbemErrAlreadyExists", meaning: "object exists" },
  {
    status: "OverrideNotAllowed",
    hresult: 0x8004101a,
    com: "wbemErrOverrideNotAllowed",
    meaning: "qualifier may not be overridden"
  },
  {
    status: "PropagatedQualifier",
    hresult: 0x8004101b,
    com: "wbemErrPropagatedQualifier",
    meaning: "deleting an inherited qualifier"
  },
  {
    status: "PropagatedProperty",
    hresult: 0x8004101c,
    com: "wbemErrPropagatedProperty",
    meaning: "deleting an inherited property"
  },
  { status: "Unexpected", hresult: 0x8004101d, com: "wbemErrUnexpected", meaning: "calls in an illegal order" },
  {
    status: "IllegalOperation",
    hresult: 0x8004101e,
    com: "wbemErrIllegalOperation",
    meaning: "illegal request, e.g. class spawned from an instance"
  },
  { status: "CannotBeKey", hresult: 0x8004101f, com: "wbemErrCannotBeKey", meaning: "property cannot be a key" },
  {
    status: "IncompleteClass",
    hresult: 0x80041020,
    com: "wbemErrIncompleteClass",
    meaning: "class definition incomplete"
  },
  {
    status: "InvalidSyntax",
    hresult: 0x80041021,
    com: "wbemErrInvalidSyntax",
    meaning: "malformed query or datetime text"
  },
  { status: "NondecoratedObject", hresult: 0x80041022, com: "wbemErrNondecoratedObject", meaning: "reserved" },
  { status: "ReadOnly", hresult: 0x80041023, com: "wbemErrReadOnly", meaning: "property is read-only" },
  {
    status: "ProviderNotCapable",
    hresult: 0x80041024,
    com: "wbemErrProviderNotCapable",
    meaning: "provider cannot do this"
  },
  {
    status: "ClassHasChildren",
    hresult: 0x80041025,
    com: "wbemErrClassHasChildren",
    meaning: "change would invalidate a subclass"
  },
  { status: "ClassHasInstances", hresult: 0x80041026, com: "wbemErrClassHasInstances", meaning: "class has instances" },
  { status: "QueryNotImplemented", hresult: 0x80041027, com: "wbemErrQueryNotImplemented", meaning: "reserved" },
  {
    status: "IllegalNull",
    hresult: 0x80041028,
    com: "wbemErrIllegalNull",
    meaning: "NULL where a value is needed",
    page: 0x8004100a
  },
  {
    status: "InvalidQualifierType",
    hresult: 0x80041029,
    com: "wbemErrInvalidQualifierType",
    meaning: "qualifier value of an illegal type"
  },
  {
    status: "InvalidPropertyType",
    hresult: 0x8004102a,
    com: "wbemErrInvalidPropertyType",
    meaning: "property type not valid"
  },
  { status: "ValueOutOfRange", hresult: 0x8004102b, com: "wbemErrValueOutOfRange", meaning: "value out of range" },
  {
    status: "CannotBeSingleton",
    hresult: 0x8004102c,
    com: "wbemErrCannotBeSingleton",
    meaning: "class cannot be a singleton"
  },
  { status: "InvalidCimType", hresult: 0x8004102d, com: "wbemErrInvalidCimType", meaning: "unknown CIM type" },
  { status: "InvalidMethod", hresult: 0x8004102e, com: "wbemErrInvalidMethod", meaning: "no such method" },
  {
    status: "InvalidMethodParameters",
    hresult: 0x8004102f,
    com: "wbemErrInvalidMethodParameters",
    meaning: "bad method arguments"
  },
  {
    status: "SystemProperty",
    hresult: 0x80041030,
    com: "wbemErrSystemProperty",
    meaning: "qualifiers asked of a system property"
  },
  { status: "InvalidProperty", hresult: 0x80041031, com: "wbemErrInvalidProperty", meaning: "property not recognised" },
  { status: "CallCancelled", hresult: 0x80041032, com: "wbemErrCallCancelled", meaning: "call cancelled" },
  { status: "ShuttingDown", hresult: 0x80041033, com: "wbemErrShuttingDown", meaning: "service stopping" },
  {
    status: "PropagatedMethod",
    hresult: 0x80041034,
    com: "wbemErrPropagatedMethod",
    meaning: "inherited method redeclared with another signature"
  },
  {
    status: "UnsupportedParameter",
    hresult: 0x80041035,
    com: "wbemErrUnsupportedParameter",
    meaning: "parameter too complex"
  },
  {
    status: "MissingParameter",
    hresult: 0x80041036,
    com: "wbemErrMissingParameter",
    meaning: "method parameter without ID"
  },
  {
    status: "InvalidParameterId",
    hresult: 0x80041037,
    com: "wbemErrInvalidParameterId",
    meaning: "method parameter ID not valid"
  },
  {
    status: "NonConsecutiveParameterIds",
    hresult: 0x80041038,
    com: "wbemErrNonConsecutiveParameterIds",
    meaning: "method parameter IDs have gaps"
  },
  {
    status: "ParameterIdOnRetval",
    hresult: 0x80041039,
    com: "wbemErrParameterIdOnRetval",
    meaning: "ID on the return value"
  },
  { status: "InvalidObjectPath", hresult: 0x8004103a, com: "wbemErrInvalidObjectPath", meaning: "malformed path" },
  { status: "OutOfDiskSpace", hresult: 0x8004103b, com: "wbemErrOutOfDiskSpace", meaning: "storage full" },
  { status: "BufferTooSmall", hresult: 0x8004103c, com: "wbemErrBufferTooSmall", meaning: "buffer too small" },
  {
    status: "UnsupportedPutExtension",
    hresult: 0x8004103d,
    com: "wbemErrUnsupportedPutExtension",
    meaning: "partial update unsupported"
  },
  {
    status: "UnknownObjectType",
    hresult: 0x8004103e,
    com: "wbemErrUnknownObjectType",
    meaning: "marshalling: object type"
  },
  {
    status: "UnknownPacketType",
    hresult: 0x8004103f,
    com: "wbemErrUnknownPacketType",
    meaning: "marshalling: packet type"
  },
  {
    status: "MarshalVersionMismatch",
    hresult: 0x80041040,
    com: "wbemErrMarshalVersionMismatch",
    meaning: "marshalling: version"
  },
  {
    status: "MarshalInvalidSignature",
    hresult: 0x80041041,
    com: "wbemErrMarshalInvalidSignature",
    meaning: "marshalling: signature"
  },
  {
    status: "InvalidQualifier",
    hresult: 0x80041042,
    com: "wbemErrInvalidQualifier",
    meaning: "qualifier in the wrong place"
  },
  {
    status: "InvalidDuplicateParameter",
    hresult: 0x80041043,
    com: "wbemErrInvalidDuplicateParameter",
    meaning: "method parameter declared twice"
  },
  { status: "TooMuchData", hresult: 0x80041044, com: "wbemErrTooMuchData", meaning: "reserved" },
  { status: "ServerTooBusy", hresult: 0x80041045, com: "wbemErrServerTooBusy", meaning: "server cannot take more" },
  { status: "InvalidFlavor", hresult: 0x80041046, com: "wbemErrInvalidFlavor", meaning: "flavor not valid" },
  { status: "CircularReference", hresult: 0x80041047, com: "wbemErrCircularReference", meaning: "circular derivation" },
  {
    status: "UnsupportedClassUpdate",
    hresult: 0x80041048,
    com: "wbemErrUnsupportedClassUpdate",
    meaning: "class update unsupported"
  },
  {
    status: "CannotChangeKeyInheritance",
    hresult: 0x80041049,
    com: "wbemErrCannotChangeKeyInheritance",
    meaning: "key in use by children"
  },
  {
    status: "CannotChangeIndexInheritance",
    hresult: 0x80041050,
    com: "wbemErrCannotChangeIndexInheritance",
    meaning: "index in use by children"
  },
  { status: "TooManyProperties", hresult: 0x80041051, com: "wbemErrTooManyProperties", meaning: "too many properties" },
  {
    status: "UpdateTypeMismatch",
    hresult: 0x80041052,
    com: "wbemErrUpdateTypeMismatch",
    meaning: "redeclared with a conflicting type"
  },
  {
    status: "UpdateOverrideNotAllowed",
    hresult: 0x80041053,
    com: "wbemErrUpdateOverrideNotAllowed",
    meaning: "fixed qualifier overridden in a subclass"
  },
  {
    status: "UpdatePropagatedMethod",
    hresult: 0x80041054,
    com: "wbemErrUpdatePropagatedMethod",
    meaning: "method redeclared with a conflicting signature"
  },
  {
    status: "MethodNotImplemented",
    hresult: 0x80041055,
    com: "wbemErrMethodNotImplemented",
    meaning: "method not implemented"
  },
  { status: "MethodDisabled", hresult: 0x80041056, com: "wbemErrMethodDisabled", meaning: "method disabled" },
  { status: "RefresherBusy", hresult: 0x80041057, com: "wbemErrRefresherBusy", meaning: "refresher busy" },
  { status: "UnparsableQuery", hresult: 0x80041058, com: "wbemErrUnparsableQuery", meaning: "event query malformed" },
  { status: "NotEventClass", hresult: 0x80041059, com: "wbemErrNotEventClass", meaning: "not an event class" },
  {
    status: "MissingGroupWithin",
    hresult: 0x8004105a,
    com: "wbemErrMissingGroupWithin",
    meaning: "GROUP BY without GROUP WITHIN"
  },
  {
    status: "MissingAggregationList",
    hresult: 0x8004105b,
    com: "wbemErrMissingAggregationList",
    meaning: "aggregation on all properties"
  },
  {
    status: "PropertyNotAnObject",
    hresult: 0x8004105c,
    com: "wbemErrPropertyNotAnObject",
    meaning: "dot notation on a plain property"
  },
  {
    status: "AggregatingByObject",
    hresult: 0x8004105d,
    com: "wbemErrAggregatingByObject",
    meaning: "grouping by an object"
  },
  {
    status: "UninterpretableProviderQuery",
    hresult: 0x8004105f,
    com: "wbemErrUninterpretableProviderQuery",
    meaning: "event provider query without classes"
  },
  {
    status: "BackupRestoreWinmgmtRunning",
    hresult: 0x80041060,
    com: "wbemErrBackupRestoreWinmgmtRunning",
    meaning: "repository in use"
  },
  { status: "QueueOverflow", hresult: 0x80041061, com: "wbemErrQueueOverflow", meaning: "event queue overflow" },
  { status: "PrivilegeNotHeld", hresult: 0x80041062, com: "wbemErrPrivilegeNotHeld", meaning: "privilege missing" },
  {
    status: "InvalidOperator",
    hresult: 0x80041063,
    com: "wbemErrInvalidOperator",
    meaning: "operator does not fit the type"
  },
  {
    status: "LocalCredentials",
    hresult: 0x80041064,
    com: "wbemErrLocalCredentials",
    meaning: "credentials on a local connection"
  },
  {
    status: "CannotBeAbstract",
    hresult: 0x80041065,
    com: "wbemErrCannotBeAbstract",
    meaning: "abstract below a concrete class"
  },
  {
    status: "AmendedObject",
    hresult: 0x80041066,
    com: "wbemErrAmendedObject",
    meaning: "amended object without the flag"
  },
  { status: "ClientTooSlow", hresult: 0x80041067, com: "wbemErrClientTooSlow", meaning: "enumeration read too slowly" },
  {
    status: "NullSecurityDescriptor",
    hresult: 0x80041068,
    com: "wbemErrNullSecurityDescriptor",
    meaning: "null security descriptor"
  },
  { status: "Timeout", hresult: 0x80041069, com: "wbemErrTimeout", meaning: "timed out" },
  {
    status: "InvalidAssociation",
    hresult: 0x8004106a,
    com: "wbemErrInvalidAssociation",
    meaning: "association not valid"
  },
  { status: "AmbiguousOperation", hresult: 0x8004106b, com: "wbemErrAmbiguousOperation", meaning: "ambiguous" },
  {
    status: "QuotaViolation",
    hresult: 0x8004106c,
    com: "wbemErrQuotaViolation",
    meaning: "quota or length limit exceeded"
  },
  {
    status: "TransactionConflict",
    hresult: 0x8004106d,
    com: "wbemErrTransactionConflict",
    meaning: "transactions conflict"
  },
  { status: "ForcedRollback", hresult: 0x8004106e, com: "wbemErrForcedRollback", meaning: "transaction rolled back" },
  { status: "UnsupportedLocale", hresult: 0x8004106f, com: "wbemErrUnsupportedLocale", meaning: "locale unsupported" },
  { status: "HandleOutOfDate", hresult: 0x80041070, com: "wbemErrHandleOutOfDate", meaning: "stale handle" },
  { status: "ConnectionFailed", hresult: 0x80041071, com: "wbemErrConnectionFailed", meaning: "SQL connection failed" },
  {
    status: "InvalidHandleRequest",
    hresult: 0x80041072,
    com: "wbemErrInvalidHandleRequest",
    meaning: "bad handle request"
  },
  {
    status: "PropertyNameTooWide",
    hresult: 0x80041073,
    com: "wbemErrPropertyNameTooWide",
    meaning: "property name over 255"
  },
  { status: "ClassNameTooWide", hresult: 0x80041074, com: "wbemErrClassNameTooWide", meaning: "class name over 255" },
  {
    status: "MethodNameTooWide",
    hresult: 0x80041075,
    com: "wbemErrMethodNameTooWide",
    meaning: "method name over 255"
  },
  {
    status: "QualifierNameTooWide",
    hresult: 0x80041076,
    com: "wbemErrQualifierNameTooWide",
    meaning: "qualifier name over 255"
  },
  { status: "RerunCommand", hresult: 0x80041077, com: "wbemErrRerunCommand", meaning: "SQL deadlock, retry" },
  {
    status: "DatabaseVerMismatch",
    hresult: 0x80041078,
    com: "wbemErrDatabaseVerMismatch",
    meaning: "store version differs"
  },
  { status: "VetoDelete", hresult: 0x80041079, com: "wbemErrVetoPut", meaning: "delete refused by the provider" },
  { status: "VetoPut", hresult: 0x8004107a, com: "wbemErrVetoDelete", meaning: "put refused by the provider" },
  { status: "InvalidLocale", hresult: 0x80041080, com: "wbemErrInvalidLocale", meaning: "locale id not valid" },
  { status: "ProviderSuspended", hresult: 0x80041081, com: "wbemErrProviderSuspended", meaning: "provider suspended" },
  {
    status: "SynchronizationRequired",
    hresult: 0x80041082,
    com: "wbemErrSynchronizationRequired",
    meaning: "store and read again first"
  },
  { status: "NoSchema", hresult: 0x80041083, com: "wbemErrNoSchema", meaning: "no schema available" },
  {
    status: "ProviderAlreadyRegistered",
    hresult: 0x80041084,
    com: "wbemErrProviderAlreadyRegistered",
    meaning: "already registered"
  },
  {
    status: "ProviderNotRegistered",
    hresult: 0x80041085,
    com: "wbemErrProviderNotRegistered",
    meaning: "not registered"
  },
  {
    status: "FatalTransportError",
    hresult: 0x80041086,
    com: "wbemErrFatalTransportError",
    meaning: "fatal network failure"
  },
  {
    status: "EncryptedConnectionRequired",
    hresult: 0x80041087,
    com: "wbemErrEncryptedConnectionRequired",
    meaning: "connection must be encrypted"
  },
  { status: "ProviderTimedOut", hresult: 0x80041088, com: "WBEM_E_PROVIDER_TIMED_OUT", meaning: "provider too slow" },
  { status: "NoKey", hresult: 0x80041089, com: "WBEM_E_NO_KEY", meaning: "instance without a key" },
  { status: "ProviderDisabled", hresult: 0x8004108a, com: "WBEM_E_PROVIDER_DISABLED", meaning: "provider unloaded" },
  {
    status: "RegistrationTooBroad",
    hresult: 0x80042001,
    com: "wbemErrRegistrationTooBroad",
    meaning: "event registration too broad"
  },
  {
    status: "RegistrationTooPrecise",
    hresult: 0x80042002,
    com: "wbemErrRegistrationTooPrecise",
    meaning: "event query without WITHIN"
  },
  {
    status: "AuthzNotPrivileged",
    hresult: 0x80042003,
    com: "WBEMESS_E_AUTHZ_NOT_PRIVILEGED",
    meaning: "domain right missing for a subscription"
  },
  { status: "Timedout", hresult: 0x80043001, com: "wbemErrTimedout", meaning: "scripting layer: timed out" },
  {
    status: "ResetToDefault",
    hresult: 0x80043002,
    com: "wbemErrResetToDefault",
    meaning: "scripting layer: override removed, default restored"
  }
]

/**
 * The unsigned form of a number, from either form.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unsigned = (hresult: number): number => hresult >>> 0

/**
 * The signed form of a number, as `Err.Number` and `iHResult` show it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const signed = (hresult: number): number => hresult | 0

/**
 * `0x80041002`, from either form.
 *
 * @since 0.1.0
 * @category combinators
 */
export const hex = (hresult: number): string => "0x" + unsigned(hresult).toString(16).toUpperCase().padStart(8, "0")

/**
 * Whether the severity bit is set (ER-2).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isFailure = (hresult: number): boolean => (hresult | 0) < 0

/**
 * The row of a number, signed or unsigned. `undefined` for a number outside the table: it passes through without a name
 * (ER-4).
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromNumber = (hresult: number): Row | undefined => {
  const number = unsigned(hresult)
  return table.find((row) => row.hresult === number)
}

/**
 * The row of a status by the library's name, or by a COM constant (`NotFound`, `wbemErrNotFound`, `WBEM_E_NO_KEY`), without
 * case. The two vetoes go by the library's meaning: `wbemErrVetoPut` is 0x8004107A (`errors` K-2).
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromName = (name: string): Row | undefined => {
  const bare = name.replace(/^wbemErr/i, "").toLowerCase()
  const com = name.toLowerCase()
  return table.find((row) => row.status.toLowerCase() === bare) ?? table.find((row) => row.com.toLowerCase() === com)
}

/**
 * The number that the PutAsync page prints for a status: the true one, except for the two misprints (`errors` 3).
 *
 * @since 0.1.0
 * @category combinators
 */
export const documented = (status: Status): number => {
  const row: Row = table.find((candidate) => candidate.status === status)!
  return row.page ?? row.hresult
}

/**
 * Whether it helps to put the same again: as it is; only after a look, because it may have been stored; or not before the object, the
 * flags, the rights or the namespace are others.
 *
 * @since 0.1.0
 * @category models
 */
export type Retry = "Unchanged" | "ReadFirst" | "No"

const retries: Readonly<Partial<Record<Status, Retry>>> = {
  ServerTooBusy: "Unchanged",
  TransactionConflict: "Unchanged",
  RerunCommand: "Unchanged",
  ConnectionFailed: "Unchanged",
  CallCancelled: "ReadFirst",
  TransportFailure: "ReadFirst",
  FatalTransportError: "ReadFirst",
  Timeout: "ReadFirst",
  ProviderTimedOut: "ReadFirst"
}

/**
 * Whether it helps to put again what ended with this number (`errors` 5.3). A `TransportFailure` whose `sent` is `false` was not stored:
 * that one may be put again as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const retry = (hresult: number): Retry => {
  const row = fromNumber(hresult)
  return (row && retries[row.status]) ?? "No"
}
