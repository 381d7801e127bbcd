/**
 * The one table of statuses (`errors` 4): everything else that names a status is derived from it (`HResult`) or generated from it
 * (the classes in `WbemError`).
 *
 * To add a status, add its row and run `npm run statuses`.
 *
 * A row without `com` has the constant `wbemErr` + status. A row without `retry` has `"No"`, one without `http` has 500. A row with `facts` has an error class of
 * its own, because the library makes that error; `facts` says which members the class adds, and their types. Every other failure is a
 * `WbemOther`. Two numbers that the PutAsync page prints are misprints; they stand in `page` and nowhere else (`errors` 3). Two veto
 * constants of the scripting enumeration are swapped against the wire; `com` keeps the enumeration's name, `status` says what the
 * number means (`errors` K-2).
 *
 * @internal
 */

/**
 * Whether it helps to put the same object again: `"Unchanged"` as it is; `"ReadFirst"` only after reading, because the object may have
 * been stored; `"No"` before the object, the flags, the rights or the namespace have changed.
 *
 * @since 0.1.0
 * @category models
 */
export type Retry = "Unchanged" | "ReadFirst" | "No"

/** One row of {@link statuses}. */
export interface StatusSource {
  /** The library's name, the COM name without its prefix. */
  readonly status: string
  /** The number, unsigned. */
  readonly hresult: number
  readonly meaning: string
  /** The constant of the scripting enumeration, or of COM where scripting has none. */
  readonly com?: string
  /** The number that the PutAsync page prints, where it is another one. */
  readonly page?: number
  readonly retry?: Retry
  /** The status of an HTTP answer that reports the failure (`errors` 7); 500 without it. */
  readonly http?: number
  /** The members of the error class and their types; a name that ends in `?` is optional. */
  readonly facts?: Readonly<Record<string, string>>
}

/** Every status, by number. */
export const statuses = [
  { status: "NoError", hresult: 0x00000000, meaning: "success", com: "wbemNoErr" },
  { status: "Failed", hresult: 0x80041001, meaning: "unspecified failure", facts: {} },
  {
    status: "NotFound",
    hresult: 0x80041002,
    http: 404,
    meaning: "object does not exist",
    facts: { path: "ObjectPath" }
  },
  {
    status: "AccessDenied",
    hresult: 0x80041003,
    http: 403,
    meaning: "right missing",
    facts: { right: "string", namespace: "string" }
  },
  {
    status: "ProviderFailure",
    hresult: 0x80041004,
    http: 502,
    meaning: "provider broke while running",
    facts: { provider: "string" }
  },
  {
    status: "TypeMismatch",
    hresult: 0x80041005,
    http: 422,
    meaning: "value of the wrong type",
    facts: { property: "string", type: "string" }
  },
  { status: "OutOfMemory", hresult: 0x80041006, http: 507, meaning: "memory exhausted", facts: {} },
  {
    status: "InvalidContext",
    hresult: 0x80041007,
    http: 400,
    meaning: "context values inconsistent",
    facts: { contextName: "string" }
  },
  {
    status: "InvalidParameter",
    hresult: 0x80041008,
    http: 400,
    meaning: "parameter not valid",
    facts: { parameter: "string", "bits?": "number" }
  },
  { status: "NotAvailable", hresult: 0x80041009, http: 503, meaning: "resource (usually a remote server) unavailable" },
  { status: "CriticalError", hresult: 0x8004100a, meaning: "internal catastrophic failure" },
  { status: "InvalidStream", hresult: 0x8004100b, http: 502, meaning: "corrupt packets" },
  { status: "NotSupported", hresult: 0x8004100c, http: 501, meaning: "feature not supported", facts: {} },
  {
    status: "InvalidSuperclass",
    hresult: 0x8004100d,
    http: 422,
    meaning: "parent class not valid",
    facts: { className: "string", superclass: "string" }
  },
  {
    status: "InvalidNamespace",
    hresult: 0x8004100e,
    http: 404,
    meaning: "namespace not found",
    facts: { namespace: "string" }
  },
  {
    status: "InvalidObject",
    hresult: 0x8004100f,
    http: 422,
    meaning: "object not valid",
    page: 0x80041014,
    facts: { "property?": "string" }
  },
  {
    status: "InvalidClass",
    hresult: 0x80041010,
    http: 404,
    meaning: "class not valid",
    facts: { className: "string" }
  },
  {
    status: "ProviderNotFound",
    hresult: 0x80041011,
    meaning: "provider not registered",
    facts: { className: "string", "provider?": "string" }
  },
  { status: "InvalidProviderRegistration", hresult: 0x80041012, meaning: "registration incomplete" },
  {
    status: "ProviderLoadFailure",
    hresult: 0x80041013,
    http: 502,
    meaning: "provider cannot be located or loaded",
    facts: { provider: "string" }
  },
  { status: "InitializationFailure", hresult: 0x80041014, meaning: "component failed to initialise" },
  {
    status: "TransportFailure",
    hresult: 0x80041015,
    http: 502,
    meaning: "network failure",
    retry: "ReadFirst",
    facts: { sent: "boolean" }
  },
  {
    status: "InvalidOperation",
    hresult: 0x80041016,
    http: 409,
    meaning: "operation not valid",
    facts: { className: "string" }
  },
  { status: "InvalidQuery", hresult: 0x80041017, http: 400, meaning: "query malformed" },
  { status: "InvalidQueryType", hresult: 0x80041018, http: 400, meaning: "query language unsupported" },
  { status: "AlreadyExists", hresult: 0x80041019, http: 409, meaning: "object exists", facts: { path: "ObjectPath" } },
  {
    status: "OverrideNotAllowed",
    hresult: 0x8004101a,
    http: 422,
    meaning: "qualifier may not be overridden",
    facts: { qualifier: "string", on: "string" }
  },
  { status: "PropagatedQualifier", hresult: 0x8004101b, http: 422, meaning: "deleting an inherited qualifier" },
  { status: "PropagatedProperty", hresult: 0x8004101c, http: 422, meaning: "deleting an inherited property" },
  { status: "Unexpected", hresult: 0x8004101d, meaning: "calls in an illegal order" },
  {
    status: "IllegalOperation",
    hresult: 0x8004101e,
    http: 400,
    meaning: "illegal request, e.g. class spawned from an instance"
  },
  {
    status: "CannotBeKey",
    hresult: 0x8004101f,
    http: 422,
    meaning: "property cannot be a key",
    facts: { className: "string", property: "string" }
  },
  { status: "IncompleteClass", hresult: 0x80041020, http: 422, meaning: "class definition incomplete", facts: {} },
  { status: "InvalidSyntax", hresult: 0x80041021, http: 400, meaning: "malformed query or datetime text" },
  { status: "NondecoratedObject", hresult: 0x80041022, http: 422, meaning: "reserved" },
  { status: "ReadOnly", hresult: 0x80041023, http: 422, meaning: "property is read-only" },
  {
    status: "ProviderNotCapable",
    hresult: 0x80041024,
    http: 501,
    meaning: "provider cannot do this",
    facts: { provider: "string" }
  },
  {
    status: "ClassHasChildren",
    hresult: 0x80041025,
    http: 409,
    meaning: "change would invalidate a subclass",
    facts: { className: "string" }
  },
  {
    status: "ClassHasInstances",
    hresult: 0x80041026,
    http: 409,
    meaning: "class has instances",
    facts: { className: "string" }
  },
  { status: "QueryNotImplemented", hresult: 0x80041027, http: 501, meaning: "reserved" },
  {
    status: "IllegalNull",
    hresult: 0x80041028,
    http: 422,
    meaning: "NULL where a value is needed",
    page: 0x8004100a,
    facts: { property: "string", because: '"Key" | "Indexed" | "Not_Null"' }
  },
  {
    status: "InvalidQualifierType",
    hresult: 0x80041029,
    http: 422,
    meaning: "qualifier value of an illegal type",
    facts: { qualifier: "string", on: "string" }
  },
  { status: "InvalidPropertyType", hresult: 0x8004102a, http: 422, meaning: "property type not valid" },
  {
    status: "ValueOutOfRange",
    hresult: 0x8004102b,
    http: 422,
    meaning: "value out of range",
    facts: { property: "string", type: "string" }
  },
  {
    status: "CannotBeSingleton",
    hresult: 0x8004102c,
    http: 422,
    meaning: "class cannot be a singleton",
    facts: { className: "string" }
  },
  {
    status: "InvalidCimType",
    hresult: 0x8004102d,
    http: 422,
    meaning: "unknown CIM type",
    facts: { property: "string", type: "string" }
  },
  { status: "InvalidMethod", hresult: 0x8004102e, http: 404, meaning: "no such method" },
  { status: "InvalidMethodParameters", hresult: 0x8004102f, http: 400, meaning: "bad method arguments" },
  { status: "SystemProperty", hresult: 0x80041030, http: 400, meaning: "qualifiers asked of a system property" },
  {
    status: "InvalidProperty",
    hresult: 0x80041031,
    http: 422,
    meaning: "property not recognised",
    facts: { property: "string", className: "string" }
  },
  { status: "CallCancelled", hresult: 0x80041032, http: 503, meaning: "call cancelled", retry: "ReadFirst", facts: {} },
  { status: "ShuttingDown", hresult: 0x80041033, http: 503, meaning: "service stopping", facts: {} },
  {
    status: "PropagatedMethod",
    hresult: 0x80041034,
    http: 422,
    meaning: "inherited method redeclared with another signature"
  },
  { status: "UnsupportedParameter", hresult: 0x80041035, http: 501, meaning: "parameter too complex" },
  {
    status: "MissingParameter",
    hresult: 0x80041036,
    http: 422,
    meaning: "method parameter without ID",
    facts: { method: "string", parameter: "string" }
  },
  {
    status: "InvalidParameterId",
    hresult: 0x80041037,
    http: 422,
    meaning: "method parameter ID not valid",
    facts: { method: "string", parameter: "string" }
  },
  {
    status: "NonConsecutiveParameterIds",
    hresult: 0x80041038,
    http: 422,
    meaning: "method parameter IDs have gaps",
    facts: { method: "string" }
  },
  {
    status: "ParameterIdOnRetval",
    hresult: 0x80041039,
    http: 422,
    meaning: "ID on the return value",
    facts: { method: "string" }
  },
  {
    status: "InvalidObjectPath",
    hresult: 0x8004103a,
    http: 400,
    meaning: "malformed path",
    facts: { input: "string", position: "number" }
  },
  { status: "OutOfDiskSpace", hresult: 0x8004103b, http: 507, meaning: "storage full" },
  { status: "BufferTooSmall", hresult: 0x8004103c, meaning: "buffer too small" },
  { status: "UnsupportedPutExtension", hresult: 0x8004103d, http: 501, meaning: "partial update unsupported" },
  { status: "UnknownObjectType", hresult: 0x8004103e, http: 400, meaning: "marshalling: object type" },
  { status: "UnknownPacketType", hresult: 0x8004103f, http: 400, meaning: "marshalling: packet type" },
  { status: "MarshalVersionMismatch", hresult: 0x80041040, http: 400, meaning: "marshalling: version" },
  { status: "MarshalInvalidSignature", hresult: 0x80041041, http: 400, meaning: "marshalling: signature" },
  {
    status: "InvalidQualifier",
    hresult: 0x80041042,
    http: 422,
    meaning: "qualifier in the wrong place",
    facts: { qualifier: "string", on: "string" }
  },
  {
    status: "InvalidDuplicateParameter",
    hresult: 0x80041043,
    http: 422,
    meaning: "method parameter declared twice",
    facts: { method: "string", parameter: "string" }
  },
  { status: "TooMuchData", hresult: 0x80041044, http: 413, meaning: "reserved" },
  { status: "ServerTooBusy", hresult: 0x80041045, http: 503, meaning: "server cannot take more", retry: "Unchanged" },
  { status: "InvalidFlavor", hresult: 0x80041046, http: 422, meaning: "flavor not valid" },
  {
    status: "CircularReference",
    hresult: 0x80041047,
    http: 422,
    meaning: "circular derivation",
    facts: { className: "string", superclass: "string" }
  },
  { status: "UnsupportedClassUpdate", hresult: 0x80041048, http: 409, meaning: "class update unsupported" },
  {
    status: "CannotChangeKeyInheritance",
    hresult: 0x80041049,
    http: 409,
    meaning: "key in use by children",
    facts: { className: "string" }
  },
  {
    status: "CannotChangeIndexInheritance",
    hresult: 0x80041050,
    http: 409,
    meaning: "index in use by children",
    facts: { className: "string" }
  },
  {
    status: "TooManyProperties",
    hresult: 0x80041051,
    http: 422,
    meaning: "too many properties",
    facts: { className: "string", count: "number" }
  },
  {
    status: "UpdateTypeMismatch",
    hresult: 0x80041052,
    http: 409,
    meaning: "redeclared with a conflicting type",
    facts: { className: "string", property: "string" }
  },
  {
    status: "UpdateOverrideNotAllowed",
    hresult: 0x80041053,
    http: 409,
    meaning: "fixed qualifier overridden in a subclass",
    facts: { className: "string", qualifier: "string", on: "string" }
  },
  {
    status: "UpdatePropagatedMethod",
    hresult: 0x80041054,
    http: 409,
    meaning: "method redeclared with a conflicting signature",
    facts: { className: "string", method: "string" }
  },
  { status: "MethodNotImplemented", hresult: 0x80041055, http: 501, meaning: "method not implemented" },
  { status: "MethodDisabled", hresult: 0x80041056, http: 403, meaning: "method disabled" },
  { status: "RefresherBusy", hresult: 0x80041057, http: 503, meaning: "refresher busy" },
  { status: "UnparsableQuery", hresult: 0x80041058, http: 400, meaning: "event query malformed" },
  { status: "NotEventClass", hresult: 0x80041059, http: 400, meaning: "not an event class" },
  { status: "MissingGroupWithin", hresult: 0x8004105a, http: 400, meaning: "GROUP BY without GROUP WITHIN" },
  { status: "MissingAggregationList", hresult: 0x8004105b, http: 400, meaning: "aggregation on all properties" },
  { status: "PropertyNotAnObject", hresult: 0x8004105c, http: 400, meaning: "dot notation on a plain property" },
  { status: "AggregatingByObject", hresult: 0x8004105d, http: 400, meaning: "grouping by an object" },
  {
    status: "UninterpretableProviderQuery",
    hresult: 0x8004105f,
    http: 501,
    meaning: "event provider query without classes"
  },
  { status: "BackupRestoreWinmgmtRunning", hresult: 0x80041060, http: 409, meaning: "repository in use" },
  { status: "QueueOverflow", hresult: 0x80041061, http: 503, meaning: "event queue overflow" },
  { status: "PrivilegeNotHeld", hresult: 0x80041062, http: 403, meaning: "privilege missing" },
  { status: "InvalidOperator", hresult: 0x80041063, http: 400, meaning: "operator does not fit the type" },
  {
    status: "LocalCredentials",
    hresult: 0x80041064,
    http: 400,
    meaning: "credentials on a local connection",
    facts: {}
  },
  {
    status: "CannotBeAbstract",
    hresult: 0x80041065,
    http: 422,
    meaning: "abstract below a concrete class",
    facts: { className: "string" }
  },
  {
    status: "AmendedObject",
    hresult: 0x80041066,
    http: 422,
    meaning: "amended object without the flag",
    facts: { className: "string" }
  },
  { status: "ClientTooSlow", hresult: 0x80041067, http: 408, meaning: "enumeration read too slowly" },
  { status: "NullSecurityDescriptor", hresult: 0x80041068, http: 422, meaning: "null security descriptor" },
  { status: "Timeout", hresult: 0x80041069, http: 504, meaning: "timed out", retry: "ReadFirst", facts: {} },
  { status: "InvalidAssociation", hresult: 0x8004106a, http: 422, meaning: "association not valid" },
  { status: "AmbiguousOperation", hresult: 0x8004106b, http: 400, meaning: "ambiguous" },
  {
    status: "QuotaViolation",
    hresult: 0x8004106c,
    http: 413,
    meaning: "quota or length limit exceeded",
    facts: { limit: "string", maximum: "number" }
  },
  {
    status: "TransactionConflict",
    hresult: 0x8004106d,
    http: 409,
    meaning: "transactions conflict",
    retry: "Unchanged"
  },
  { status: "ForcedRollback", hresult: 0x8004106e, http: 409, meaning: "transaction rolled back" },
  { status: "UnsupportedLocale", hresult: 0x8004106f, http: 400, meaning: "locale unsupported", facts: {} },
  { status: "HandleOutOfDate", hresult: 0x80041070, http: 409, meaning: "stale handle" },
  {
    status: "ConnectionFailed",
    hresult: 0x80041071,
    http: 503,
    meaning: "SQL connection failed",
    retry: "Unchanged",
    facts: {}
  },
  { status: "InvalidHandleRequest", hresult: 0x80041072, http: 400, meaning: "bad handle request" },
  {
    status: "PropertyNameTooWide",
    hresult: 0x80041073,
    http: 422,
    meaning: "property name over 255",
    facts: { property: "string" }
  },
  { status: "ClassNameTooWide", hresult: 0x80041074, http: 422, meaning: "class name over 255" },
  {
    status: "MethodNameTooWide",
    hresult: 0x80041075,
    http: 422,
    meaning: "method name over 255",
    facts: { method: "string" }
  },
  {
    status: "QualifierNameTooWide",
    hresult: 0x80041076,
    http: 422,
    meaning: "qualifier name over 255",
    facts: { qualifier: "string", on: "string" }
  },
  { status: "RerunCommand", hresult: 0x80041077, http: 503, meaning: "SQL deadlock, retry", retry: "Unchanged" },
  { status: "DatabaseVerMismatch", hresult: 0x80041078, meaning: "store version differs" },
  {
    status: "VetoDelete",
    hresult: 0x80041079,
    http: 403,
    meaning: "delete refused by the provider",
    com: "wbemErrVetoPut"
  },
  {
    status: "VetoPut",
    hresult: 0x8004107a,
    http: 403,
    meaning: "put refused by the provider",
    com: "wbemErrVetoDelete"
  },
  { status: "InvalidLocale", hresult: 0x80041080, http: 400, meaning: "locale id not valid", facts: {} },
  { status: "ProviderSuspended", hresult: 0x80041081, http: 503, meaning: "provider suspended" },
  { status: "SynchronizationRequired", hresult: 0x80041082, http: 409, meaning: "store and read again first" },
  { status: "NoSchema", hresult: 0x80041083, http: 422, meaning: "no schema available" },
  { status: "ProviderAlreadyRegistered", hresult: 0x80041084, http: 409, meaning: "already registered" },
  { status: "ProviderNotRegistered", hresult: 0x80041085, meaning: "not registered" },
  {
    status: "FatalTransportError",
    hresult: 0x80041086,
    http: 502,
    meaning: "fatal network failure",
    retry: "ReadFirst"
  },
  { status: "EncryptedConnectionRequired", hresult: 0x80041087, http: 403, meaning: "connection must be encrypted" },
  {
    status: "ProviderTimedOut",
    hresult: 0x80041088,
    http: 504,
    meaning: "provider too slow",
    com: "WBEM_E_PROVIDER_TIMED_OUT",
    retry: "ReadFirst"
  },
  {
    status: "NoKey",
    hresult: 0x80041089,
    http: 422,
    meaning: "instance without a key",
    com: "WBEM_E_NO_KEY",
    facts: { className: "string" }
  },
  {
    status: "ProviderDisabled",
    hresult: 0x8004108a,
    http: 503,
    meaning: "provider unloaded",
    com: "WBEM_E_PROVIDER_DISABLED"
  },
  { status: "RegistrationTooBroad", hresult: 0x80042001, http: 400, meaning: "event registration too broad" },
  { status: "RegistrationTooPrecise", hresult: 0x80042002, http: 400, meaning: "event query without WITHIN" },
  {
    status: "AuthzNotPrivileged",
    hresult: 0x80042003,
    http: 403,
    meaning: "domain right missing for a subscription",
    com: "WBEMESS_E_AUTHZ_NOT_PRIVILEGED"
  },
  { status: "Timedout", hresult: 0x80043001, http: 504, meaning: "scripting layer: timed out" },
  { status: "ResetToDefault", hresult: 0x80043002, meaning: "scripting layer: override removed, default restored" }
] as const
