/**
 * One error class per status, one table behind them (`HResult`).
 *
 * A class carries its own facts and shares with the others `_tag` (`"Wbem"` + status, so that it cannot be caught by mistake
 * for another library's error), `status`, `hresult` and the `TypeId`. They are expected outcomes and made by the thousand in a
 * bulk run, so they capture no stack; a failure of a lower library rides along as `cause`.
 *
 * Each is a constant that makes it and an interface of the same name, which is a class to whoever uses it (`new NotFound(...)`,
 * `instanceof NotFound`, `NotFound` as a type) and half the weight of one in a bundle.
 *
 * @since 0.1.0
 */
import { TypeId, wbemError, type WbemErrorClass, type WbemErrorOf } from "./wbemErrorBase.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"

export {
  type ExtendedStatus,
  TypeId,
  type WbemErrorClass,
  type WbemErrorOf,
  type WbemErrorOptions
} from "./wbemErrorBase.ts"

/**
 * Unspecified failure: 0x80041001, `wbemErrFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Failed extends WbemErrorOf<"Failed"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const Failed: WbemErrorClass<Failed> = /* @__PURE__ */ wbemError("Failed", 0x80041001)

/**
 * Object does not exist: 0x80041002, `wbemErrNotFound`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NotFound extends WbemErrorOf<"NotFound"> {
  readonly path: ObjectPath
}

/** Makes one. @since 0.1.0 @category constructors */
export const NotFound: WbemErrorClass<NotFound> = /* @__PURE__ */ wbemError("NotFound", 0x80041002)

/**
 * Right missing: 0x80041003, `wbemErrAccessDenied`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface AccessDenied extends WbemErrorOf<"AccessDenied"> {
  readonly right: string
  readonly namespace: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const AccessDenied: WbemErrorClass<AccessDenied> = /* @__PURE__ */ wbemError("AccessDenied", 0x80041003)

/**
 * Provider broke while running: 0x80041004, `wbemErrProviderFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderFailure extends WbemErrorOf<"ProviderFailure"> {
  readonly provider: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderFailure: WbemErrorClass<ProviderFailure> = /* @__PURE__ */ wbemError("ProviderFailure", 0x80041004)

/**
 * Value of the wrong type: 0x80041005, `wbemErrTypeMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface TypeMismatch extends WbemErrorOf<"TypeMismatch"> {
  readonly property: string
  readonly type: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const TypeMismatch: WbemErrorClass<TypeMismatch> = /* @__PURE__ */ wbemError("TypeMismatch", 0x80041005)

/**
 * Memory exhausted: 0x80041006, `wbemErrOutOfMemory`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface OutOfMemory extends WbemErrorOf<"OutOfMemory"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const OutOfMemory: WbemErrorClass<OutOfMemory> = /* @__PURE__ */ wbemError("OutOfMemory", 0x80041006)

/**
 * Context values inconsistent: 0x80041007, `wbemErrInvalidContext`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidContext extends WbemErrorOf<"InvalidContext"> {
  readonly name: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidContext: WbemErrorClass<InvalidContext, { readonly name: string }> = /* @__PURE__ */ wbemError(
  "InvalidContext",
  0x80041007
)

/**
 * Parameter not valid: 0x80041008, `wbemErrInvalidParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidParameter extends WbemErrorOf<"InvalidParameter"> {
  readonly parameter: string
  readonly bits?: number | undefined
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidParameter: WbemErrorClass<InvalidParameter> = /* @__PURE__ */ wbemError(
  "InvalidParameter",
  0x80041008
)

/**
 * Resource (usually a remote server) unavailable: 0x80041009, `wbemErrNotAvailable`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NotAvailable extends WbemErrorOf<"NotAvailable"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const NotAvailable: WbemErrorClass<NotAvailable> = /* @__PURE__ */ wbemError("NotAvailable", 0x80041009)

/**
 * Internal catastrophic failure: 0x8004100a, `wbemErrCriticalError`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CriticalError extends WbemErrorOf<"CriticalError"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const CriticalError: WbemErrorClass<CriticalError> = /* @__PURE__ */ wbemError("CriticalError", 0x8004100a)

/**
 * Corrupt packets: 0x8004100b, `wbemErrInvalidStream`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidStream extends WbemErrorOf<"InvalidStream"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidStream: WbemErrorClass<InvalidStream> = /* @__PURE__ */ wbemError("InvalidStream", 0x8004100b)

/**
 * Feature not supported: 0x8004100c, `wbemErrNotSupported`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NotSupported extends WbemErrorOf<"NotSupported"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const NotSupported: WbemErrorClass<NotSupported> = /* @__PURE__ */ wbemError("NotSupported", 0x8004100c)

/**
 * Parent class not valid: 0x8004100d, `wbemErrInvalidSuperclass`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidSuperclass extends WbemErrorOf<"InvalidSuperclass"> {
  readonly className: string
  readonly superclass: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidSuperclass: WbemErrorClass<InvalidSuperclass> = /* @__PURE__ */ wbemError(
  "InvalidSuperclass",
  0x8004100d
)

/**
 * Namespace not found: 0x8004100e, `wbemErrInvalidNamespace`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidNamespace extends WbemErrorOf<"InvalidNamespace"> {
  readonly namespace: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidNamespace: WbemErrorClass<InvalidNamespace> = /* @__PURE__ */ wbemError(
  "InvalidNamespace",
  0x8004100e
)

/**
 * Object not valid: 0x8004100f, `wbemErrInvalidObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidObject extends WbemErrorOf<"InvalidObject"> {
  readonly property?: string | undefined
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidObject: WbemErrorClass<InvalidObject> = /* @__PURE__ */ wbemError("InvalidObject", 0x8004100f)

/**
 * Class not valid: 0x80041010, `wbemErrInvalidClass`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidClass extends WbemErrorOf<"InvalidClass"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidClass: WbemErrorClass<InvalidClass> = /* @__PURE__ */ wbemError("InvalidClass", 0x80041010)

/**
 * Provider not registered: 0x80041011, `wbemErrProviderNotFound`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderNotFound extends WbemErrorOf<"ProviderNotFound"> {
  readonly className: string
  readonly provider?: string | undefined
}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderNotFound: WbemErrorClass<ProviderNotFound> = /* @__PURE__ */ wbemError(
  "ProviderNotFound",
  0x80041011
)

/**
 * Registration incomplete: 0x80041012, `wbemErrInvalidProviderRegistration`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidProviderRegistration extends WbemErrorOf<"InvalidProviderRegistration"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidProviderRegistration: WbemErrorClass<InvalidProviderRegistration> = /* @__PURE__ */ wbemError(
  "InvalidProviderRegistration",
  0x80041012
)

/**
 * Provider cannot be located or loaded: 0x80041013, `wbemErrProviderLoadFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderLoadFailure extends WbemErrorOf<"ProviderLoadFailure"> {
  readonly provider: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderLoadFailure: WbemErrorClass<ProviderLoadFailure> = /* @__PURE__ */ wbemError(
  "ProviderLoadFailure",
  0x80041013
)

/**
 * Component failed to initialise: 0x80041014, `wbemErrInitializationFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InitializationFailure extends WbemErrorOf<"InitializationFailure"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InitializationFailure: WbemErrorClass<InitializationFailure> = /* @__PURE__ */ wbemError(
  "InitializationFailure",
  0x80041014
)

/**
 * Network failure: 0x80041015, `wbemErrTransportFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface TransportFailure extends WbemErrorOf<"TransportFailure"> {
  readonly sent: boolean
}

/** Makes one. @since 0.1.0 @category constructors */
export const TransportFailure: WbemErrorClass<TransportFailure> = /* @__PURE__ */ wbemError(
  "TransportFailure",
  0x80041015
)

/**
 * Operation not valid: 0x80041016, `wbemErrInvalidOperation`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidOperation extends WbemErrorOf<"InvalidOperation"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidOperation: WbemErrorClass<InvalidOperation> = /* @__PURE__ */ wbemError(
  "InvalidOperation",
  0x80041016
)

/**
 * Query malformed: 0x80041017, `wbemErrInvalidQuery`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidQuery extends WbemErrorOf<"InvalidQuery"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidQuery: WbemErrorClass<InvalidQuery> = /* @__PURE__ */ wbemError("InvalidQuery", 0x80041017)

/**
 * Query language unsupported: 0x80041018, `wbemErrInvalidQueryType`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidQueryType extends WbemErrorOf<"InvalidQueryType"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidQueryType: WbemErrorClass<InvalidQueryType> = /* @__PURE__ */ wbemError(
  "InvalidQueryType",
  0x80041018
)

/**
 * Object exists: 0x80041019, `wbemErrAlreadyExists`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface AlreadyExists extends WbemErrorOf<"AlreadyExists"> {
  readonly path: ObjectPath
}

/** Makes one. @since 0.1.0 @category constructors */
export const AlreadyExists: WbemErrorClass<AlreadyExists> = /* @__PURE__ */ wbemError("AlreadyExists", 0x80041019)

/**
 * Qualifier may not be overridden: 0x8004101a, `wbemErrOverrideNotAllowed`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface OverrideNotAllowed extends WbemErrorOf<"OverrideNotAllowed"> {
  readonly qualifier: string
  readonly on: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const OverrideNotAllowed: WbemErrorClass<OverrideNotAllowed> = /* @__PURE__ */ wbemError(
  "OverrideNotAllowed",
  0x8004101a
)

/**
 * Deleting an inherited qualifier: 0x8004101b, `wbemErrPropagatedQualifier`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PropagatedQualifier extends WbemErrorOf<"PropagatedQualifier"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const PropagatedQualifier: WbemErrorClass<PropagatedQualifier> = /* @__PURE__ */ wbemError(
  "PropagatedQualifier",
  0x8004101b
)

/**
 * Deleting an inherited property: 0x8004101c, `wbemErrPropagatedProperty`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PropagatedProperty extends WbemErrorOf<"PropagatedProperty"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const PropagatedProperty: WbemErrorClass<PropagatedProperty> = /* @__PURE__ */ wbemError(
  "PropagatedProperty",
  0x8004101c
)

/**
 * Calls in an illegal order: 0x8004101d, `wbemErrUnexpected`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Unexpected extends WbemErrorOf<"Unexpected"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const Unexpected: WbemErrorClass<Unexpected> = /* @__PURE__ */ wbemError("Unexpected", 0x8004101d)

/**
 * Illegal request, e.g. class spawned from an instance: 0x8004101e, `wbemErrIllegalOperation`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface IllegalOperation extends WbemErrorOf<"IllegalOperation"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const IllegalOperation: WbemErrorClass<IllegalOperation> = /* @__PURE__ */ wbemError(
  "IllegalOperation",
  0x8004101e
)

/**
 * Property cannot be a key: 0x8004101f, `wbemErrCannotBeKey`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CannotBeKey extends WbemErrorOf<"CannotBeKey"> {
  readonly className: string
  readonly property: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const CannotBeKey: WbemErrorClass<CannotBeKey> = /* @__PURE__ */ wbemError("CannotBeKey", 0x8004101f)

/**
 * Class definition incomplete: 0x80041020, `wbemErrIncompleteClass`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface IncompleteClass extends WbemErrorOf<"IncompleteClass"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const IncompleteClass: WbemErrorClass<IncompleteClass> = /* @__PURE__ */ wbemError("IncompleteClass", 0x80041020)

/**
 * Malformed query or datetime text: 0x80041021, `wbemErrInvalidSyntax`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidSyntax extends WbemErrorOf<"InvalidSyntax"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidSyntax: WbemErrorClass<InvalidSyntax> = /* @__PURE__ */ wbemError("InvalidSyntax", 0x80041021)

/**
 * Reserved: 0x80041022, `wbemErrNondecoratedObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NondecoratedObject extends WbemErrorOf<"NondecoratedObject"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const NondecoratedObject: WbemErrorClass<NondecoratedObject> = /* @__PURE__ */ wbemError(
  "NondecoratedObject",
  0x80041022
)

/**
 * Property is read-only: 0x80041023, `wbemErrReadOnly`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ReadOnly extends WbemErrorOf<"ReadOnly"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ReadOnly: WbemErrorClass<ReadOnly> = /* @__PURE__ */ wbemError("ReadOnly", 0x80041023)

/**
 * Provider cannot do this: 0x80041024, `wbemErrProviderNotCapable`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderNotCapable extends WbemErrorOf<"ProviderNotCapable"> {
  readonly provider: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderNotCapable: WbemErrorClass<ProviderNotCapable> = /* @__PURE__ */ wbemError(
  "ProviderNotCapable",
  0x80041024
)

/**
 * Change would invalidate a subclass: 0x80041025, `wbemErrClassHasChildren`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ClassHasChildren extends WbemErrorOf<"ClassHasChildren"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ClassHasChildren: WbemErrorClass<ClassHasChildren> = /* @__PURE__ */ wbemError(
  "ClassHasChildren",
  0x80041025
)

/**
 * Class has instances: 0x80041026, `wbemErrClassHasInstances`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ClassHasInstances extends WbemErrorOf<"ClassHasInstances"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ClassHasInstances: WbemErrorClass<ClassHasInstances> = /* @__PURE__ */ wbemError(
  "ClassHasInstances",
  0x80041026
)

/**
 * Reserved: 0x80041027, `wbemErrQueryNotImplemented`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface QueryNotImplemented extends WbemErrorOf<"QueryNotImplemented"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const QueryNotImplemented: WbemErrorClass<QueryNotImplemented> = /* @__PURE__ */ wbemError(
  "QueryNotImplemented",
  0x80041027
)

/**
 * NULL where a value is needed: 0x80041028, `wbemErrIllegalNull`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface IllegalNull extends WbemErrorOf<"IllegalNull"> {
  readonly property: string
  readonly because: "Key" | "Indexed" | "Not_Null"
}

/** Makes one. @since 0.1.0 @category constructors */
export const IllegalNull: WbemErrorClass<IllegalNull> = /* @__PURE__ */ wbemError("IllegalNull", 0x80041028)

/**
 * Qualifier value of an illegal type: 0x80041029, `wbemErrInvalidQualifierType`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidQualifierType extends WbemErrorOf<"InvalidQualifierType"> {
  readonly qualifier: string
  readonly on: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidQualifierType: WbemErrorClass<InvalidQualifierType> = /* @__PURE__ */ wbemError(
  "InvalidQualifierType",
  0x80041029
)

/**
 * Property type not valid: 0x8004102a, `wbemErrInvalidPropertyType`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidPropertyType extends WbemErrorOf<"InvalidPropertyType"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidPropertyType: WbemErrorClass<InvalidPropertyType> = /* @__PURE__ */ wbemError(
  "InvalidPropertyType",
  0x8004102a
)

/**
 * Value out of range: 0x8004102b, `wbemErrValueOutOfRange`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ValueOutOfRange extends WbemErrorOf<"ValueOutOfRange"> {
  readonly property: string
  readonly type: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ValueOutOfRange: WbemErrorClass<ValueOutOfRange> = /* @__PURE__ */ wbemError("ValueOutOfRange", 0x8004102b)

/**
 * Class cannot be a singleton: 0x8004102c, `wbemErrCannotBeSingleton`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CannotBeSingleton extends WbemErrorOf<"CannotBeSingleton"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const CannotBeSingleton: WbemErrorClass<CannotBeSingleton> = /* @__PURE__ */ wbemError(
  "CannotBeSingleton",
  0x8004102c
)

/**
 * Unknown CIM type: 0x8004102d, `wbemErrInvalidCimType`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidCimType extends WbemErrorOf<"InvalidCimType"> {
  readonly property: string
  readonly type: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidCimType: WbemErrorClass<InvalidCimType> = /* @__PURE__ */ wbemError("InvalidCimType", 0x8004102d)

/**
 * No such method: 0x8004102e, `wbemErrInvalidMethod`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidMethod extends WbemErrorOf<"InvalidMethod"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidMethod: WbemErrorClass<InvalidMethod> = /* @__PURE__ */ wbemError("InvalidMethod", 0x8004102e)

/**
 * Bad method arguments: 0x8004102f, `wbemErrInvalidMethodParameters`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidMethodParameters extends WbemErrorOf<"InvalidMethodParameters"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidMethodParameters: WbemErrorClass<InvalidMethodParameters> = /* @__PURE__ */ wbemError(
  "InvalidMethodParameters",
  0x8004102f
)

/**
 * Qualifiers asked of a system property: 0x80041030, `wbemErrSystemProperty`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface SystemProperty extends WbemErrorOf<"SystemProperty"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const SystemProperty: WbemErrorClass<SystemProperty> = /* @__PURE__ */ wbemError("SystemProperty", 0x80041030)

/**
 * Property not recognised: 0x80041031, `wbemErrInvalidProperty`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidProperty extends WbemErrorOf<"InvalidProperty"> {
  readonly property: string
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidProperty: WbemErrorClass<InvalidProperty> = /* @__PURE__ */ wbemError("InvalidProperty", 0x80041031)

/**
 * Call cancelled: 0x80041032, `wbemErrCallCancelled`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CallCancelled extends WbemErrorOf<"CallCancelled"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const CallCancelled: WbemErrorClass<CallCancelled> = /* @__PURE__ */ wbemError("CallCancelled", 0x80041032)

/**
 * Service stopping: 0x80041033, `wbemErrShuttingDown`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ShuttingDown extends WbemErrorOf<"ShuttingDown"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ShuttingDown: WbemErrorClass<ShuttingDown> = /* @__PURE__ */ wbemError("ShuttingDown", 0x80041033)

/**
 * Inherited method redeclared with another signature: 0x80041034, `wbemErrPropagatedMethod`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PropagatedMethod extends WbemErrorOf<"PropagatedMethod"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const PropagatedMethod: WbemErrorClass<PropagatedMethod> = /* @__PURE__ */ wbemError(
  "PropagatedMethod",
  0x80041034
)

/**
 * Parameter too complex: 0x80041035, `wbemErrUnsupportedParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnsupportedParameter extends WbemErrorOf<"UnsupportedParameter"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnsupportedParameter: WbemErrorClass<UnsupportedParameter> = /* @__PURE__ */ wbemError(
  "UnsupportedParameter",
  0x80041035
)

/**
 * Method parameter without ID: 0x80041036, `wbemErrMissingParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MissingParameter extends WbemErrorOf<"MissingParameter"> {
  readonly method: string
  readonly parameter: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const MissingParameter: WbemErrorClass<MissingParameter> = /* @__PURE__ */ wbemError(
  "MissingParameter",
  0x80041036
)

/**
 * Method parameter ID not valid: 0x80041037, `wbemErrInvalidParameterId`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidParameterId extends WbemErrorOf<"InvalidParameterId"> {
  readonly method: string
  readonly parameter: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidParameterId: WbemErrorClass<InvalidParameterId> = /* @__PURE__ */ wbemError(
  "InvalidParameterId",
  0x80041037
)

/**
 * Method parameter IDs have gaps: 0x80041038, `wbemErrNonConsecutiveParameterIds`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NonConsecutiveParameterIds extends WbemErrorOf<"NonConsecutiveParameterIds"> {
  readonly method: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const NonConsecutiveParameterIds: WbemErrorClass<NonConsecutiveParameterIds> = /* @__PURE__ */ wbemError(
  "NonConsecutiveParameterIds",
  0x80041038
)

/**
 * ID on the return value: 0x80041039, `wbemErrParameterIdOnRetval`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ParameterIdOnRetval extends WbemErrorOf<"ParameterIdOnRetval"> {
  readonly method: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const ParameterIdOnRetval: WbemErrorClass<ParameterIdOnRetval> = /* @__PURE__ */ wbemError(
  "ParameterIdOnRetval",
  0x80041039
)

/**
 * Malformed path: 0x8004103a, `wbemErrInvalidObjectPath`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidObjectPath extends WbemErrorOf<"InvalidObjectPath"> {
  readonly input: string
  readonly position: number
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidObjectPath: WbemErrorClass<InvalidObjectPath> = /* @__PURE__ */ wbemError(
  "InvalidObjectPath",
  0x8004103a
)

/**
 * Storage full: 0x8004103b, `wbemErrOutOfDiskSpace`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface OutOfDiskSpace extends WbemErrorOf<"OutOfDiskSpace"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const OutOfDiskSpace: WbemErrorClass<OutOfDiskSpace> = /* @__PURE__ */ wbemError("OutOfDiskSpace", 0x8004103b)

/**
 * Buffer too small: 0x8004103c, `wbemErrBufferTooSmall`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface BufferTooSmall extends WbemErrorOf<"BufferTooSmall"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const BufferTooSmall: WbemErrorClass<BufferTooSmall> = /* @__PURE__ */ wbemError("BufferTooSmall", 0x8004103c)

/**
 * Partial update unsupported: 0x8004103d, `wbemErrUnsupportedPutExtension`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnsupportedPutExtension extends WbemErrorOf<"UnsupportedPutExtension"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnsupportedPutExtension: WbemErrorClass<UnsupportedPutExtension> = /* @__PURE__ */ wbemError(
  "UnsupportedPutExtension",
  0x8004103d
)

/**
 * Marshalling: object type: 0x8004103e, `wbemErrUnknownObjectType`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnknownObjectType extends WbemErrorOf<"UnknownObjectType"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnknownObjectType: WbemErrorClass<UnknownObjectType> = /* @__PURE__ */ wbemError(
  "UnknownObjectType",
  0x8004103e
)

/**
 * Marshalling: packet type: 0x8004103f, `wbemErrUnknownPacketType`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnknownPacketType extends WbemErrorOf<"UnknownPacketType"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnknownPacketType: WbemErrorClass<UnknownPacketType> = /* @__PURE__ */ wbemError(
  "UnknownPacketType",
  0x8004103f
)

/**
 * Marshalling: version: 0x80041040, `wbemErrMarshalVersionMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MarshalVersionMismatch extends WbemErrorOf<"MarshalVersionMismatch"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const MarshalVersionMismatch: WbemErrorClass<MarshalVersionMismatch> = /* @__PURE__ */ wbemError(
  "MarshalVersionMismatch",
  0x80041040
)

/**
 * Marshalling: signature: 0x80041041, `wbemErrMarshalInvalidSignature`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MarshalInvalidSignature extends WbemErrorOf<"MarshalInvalidSignature"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const MarshalInvalidSignature: WbemErrorClass<MarshalInvalidSignature> = /* @__PURE__ */ wbemError(
  "MarshalInvalidSignature",
  0x80041041
)

/**
 * Qualifier in the wrong place: 0x80041042, `wbemErrInvalidQualifier`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidQualifier extends WbemErrorOf<"InvalidQualifier"> {
  readonly qualifier: string
  readonly on: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidQualifier: WbemErrorClass<InvalidQualifier> = /* @__PURE__ */ wbemError(
  "InvalidQualifier",
  0x80041042
)

/**
 * Method parameter declared twice: 0x80041043, `wbemErrInvalidDuplicateParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidDuplicateParameter extends WbemErrorOf<"InvalidDuplicateParameter"> {
  readonly method: string
  readonly parameter: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidDuplicateParameter: WbemErrorClass<InvalidDuplicateParameter> = /* @__PURE__ */ wbemError(
  "InvalidDuplicateParameter",
  0x80041043
)

/**
 * Reserved: 0x80041044, `wbemErrTooMuchData`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface TooMuchData extends WbemErrorOf<"TooMuchData"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const TooMuchData: WbemErrorClass<TooMuchData> = /* @__PURE__ */ wbemError("TooMuchData", 0x80041044)

/**
 * Server cannot take more: 0x80041045, `wbemErrServerTooBusy`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ServerTooBusy extends WbemErrorOf<"ServerTooBusy"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ServerTooBusy: WbemErrorClass<ServerTooBusy> = /* @__PURE__ */ wbemError("ServerTooBusy", 0x80041045)

/**
 * Flavor not valid: 0x80041046, `wbemErrInvalidFlavor`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidFlavor extends WbemErrorOf<"InvalidFlavor"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidFlavor: WbemErrorClass<InvalidFlavor> = /* @__PURE__ */ wbemError("InvalidFlavor", 0x80041046)

/**
 * Circular derivation: 0x80041047, `wbemErrCircularReference`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CircularReference extends WbemErrorOf<"CircularReference"> {
  readonly className: string
  readonly superclass: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const CircularReference: WbemErrorClass<CircularReference> = /* @__PURE__ */ wbemError(
  "CircularReference",
  0x80041047
)

/**
 * Class update unsupported: 0x80041048, `wbemErrUnsupportedClassUpdate`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnsupportedClassUpdate extends WbemErrorOf<"UnsupportedClassUpdate"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnsupportedClassUpdate: WbemErrorClass<UnsupportedClassUpdate> = /* @__PURE__ */ wbemError(
  "UnsupportedClassUpdate",
  0x80041048
)

/**
 * Key in use by children: 0x80041049, `wbemErrCannotChangeKeyInheritance`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CannotChangeKeyInheritance extends WbemErrorOf<"CannotChangeKeyInheritance"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const CannotChangeKeyInheritance: WbemErrorClass<CannotChangeKeyInheritance> = /* @__PURE__ */ wbemError(
  "CannotChangeKeyInheritance",
  0x80041049
)

/**
 * Index in use by children: 0x80041050, `wbemErrCannotChangeIndexInheritance`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CannotChangeIndexInheritance extends WbemErrorOf<"CannotChangeIndexInheritance"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const CannotChangeIndexInheritance: WbemErrorClass<CannotChangeIndexInheritance> = /* @__PURE__ */ wbemError(
  "CannotChangeIndexInheritance",
  0x80041050
)

/**
 * Too many properties: 0x80041051, `wbemErrTooManyProperties`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface TooManyProperties extends WbemErrorOf<"TooManyProperties"> {
  readonly className: string
  readonly count: number
}

/** Makes one. @since 0.1.0 @category constructors */
export const TooManyProperties: WbemErrorClass<TooManyProperties> = /* @__PURE__ */ wbemError(
  "TooManyProperties",
  0x80041051
)

/**
 * Redeclared with a conflicting type: 0x80041052, `wbemErrUpdateTypeMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UpdateTypeMismatch extends WbemErrorOf<"UpdateTypeMismatch"> {
  readonly className: string
  readonly property: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const UpdateTypeMismatch: WbemErrorClass<UpdateTypeMismatch> = /* @__PURE__ */ wbemError(
  "UpdateTypeMismatch",
  0x80041052
)

/**
 * Fixed qualifier overridden in a subclass: 0x80041053, `wbemErrUpdateOverrideNotAllowed`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UpdateOverrideNotAllowed extends WbemErrorOf<"UpdateOverrideNotAllowed"> {
  readonly className: string
  readonly qualifier: string
  readonly on: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const UpdateOverrideNotAllowed: WbemErrorClass<UpdateOverrideNotAllowed> = /* @__PURE__ */ wbemError(
  "UpdateOverrideNotAllowed",
  0x80041053
)

/**
 * Method redeclared with a conflicting signature: 0x80041054, `wbemErrUpdatePropagatedMethod`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UpdatePropagatedMethod extends WbemErrorOf<"UpdatePropagatedMethod"> {
  readonly className: string
  readonly method: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const UpdatePropagatedMethod: WbemErrorClass<UpdatePropagatedMethod> = /* @__PURE__ */ wbemError(
  "UpdatePropagatedMethod",
  0x80041054
)

/**
 * Method not implemented: 0x80041055, `wbemErrMethodNotImplemented`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MethodNotImplemented extends WbemErrorOf<"MethodNotImplemented"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const MethodNotImplemented: WbemErrorClass<MethodNotImplemented> = /* @__PURE__ */ wbemError(
  "MethodNotImplemented",
  0x80041055
)

/**
 * Method disabled: 0x80041056, `wbemErrMethodDisabled`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MethodDisabled extends WbemErrorOf<"MethodDisabled"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const MethodDisabled: WbemErrorClass<MethodDisabled> = /* @__PURE__ */ wbemError("MethodDisabled", 0x80041056)

/**
 * Refresher busy: 0x80041057, `wbemErrRefresherBusy`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface RefresherBusy extends WbemErrorOf<"RefresherBusy"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const RefresherBusy: WbemErrorClass<RefresherBusy> = /* @__PURE__ */ wbemError("RefresherBusy", 0x80041057)

/**
 * Event query malformed: 0x80041058, `wbemErrUnparsableQuery`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnparsableQuery extends WbemErrorOf<"UnparsableQuery"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnparsableQuery: WbemErrorClass<UnparsableQuery> = /* @__PURE__ */ wbemError("UnparsableQuery", 0x80041058)

/**
 * Not an event class: 0x80041059, `wbemErrNotEventClass`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NotEventClass extends WbemErrorOf<"NotEventClass"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const NotEventClass: WbemErrorClass<NotEventClass> = /* @__PURE__ */ wbemError("NotEventClass", 0x80041059)

/**
 * GROUP BY without GROUP WITHIN: 0x8004105a, `wbemErrMissingGroupWithin`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MissingGroupWithin extends WbemErrorOf<"MissingGroupWithin"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const MissingGroupWithin: WbemErrorClass<MissingGroupWithin> = /* @__PURE__ */ wbemError(
  "MissingGroupWithin",
  0x8004105a
)

/**
 * Aggregation on all properties: 0x8004105b, `wbemErrMissingAggregationList`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MissingAggregationList extends WbemErrorOf<"MissingAggregationList"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const MissingAggregationList: WbemErrorClass<MissingAggregationList> = /* @__PURE__ */ wbemError(
  "MissingAggregationList",
  0x8004105b
)

/**
 * Dot notation on a plain property: 0x8004105c, `wbemErrPropertyNotAnObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PropertyNotAnObject extends WbemErrorOf<"PropertyNotAnObject"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const PropertyNotAnObject: WbemErrorClass<PropertyNotAnObject> = /* @__PURE__ */ wbemError(
  "PropertyNotAnObject",
  0x8004105c
)

/**
 * Grouping by an object: 0x8004105d, `wbemErrAggregatingByObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface AggregatingByObject extends WbemErrorOf<"AggregatingByObject"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const AggregatingByObject: WbemErrorClass<AggregatingByObject> = /* @__PURE__ */ wbemError(
  "AggregatingByObject",
  0x8004105d
)

/**
 * Event provider query without classes: 0x8004105f, `wbemErrUninterpretableProviderQuery`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UninterpretableProviderQuery extends WbemErrorOf<"UninterpretableProviderQuery"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UninterpretableProviderQuery: WbemErrorClass<UninterpretableProviderQuery> = /* @__PURE__ */ wbemError(
  "UninterpretableProviderQuery",
  0x8004105f
)

/**
 * Repository in use: 0x80041060, `wbemErrBackupRestoreWinmgmtRunning`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface BackupRestoreWinmgmtRunning extends WbemErrorOf<"BackupRestoreWinmgmtRunning"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const BackupRestoreWinmgmtRunning: WbemErrorClass<BackupRestoreWinmgmtRunning> = /* @__PURE__ */ wbemError(
  "BackupRestoreWinmgmtRunning",
  0x80041060
)

/**
 * Event queue overflow: 0x80041061, `wbemErrQueueOverflow`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface QueueOverflow extends WbemErrorOf<"QueueOverflow"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const QueueOverflow: WbemErrorClass<QueueOverflow> = /* @__PURE__ */ wbemError("QueueOverflow", 0x80041061)

/**
 * Privilege missing: 0x80041062, `wbemErrPrivilegeNotHeld`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PrivilegeNotHeld extends WbemErrorOf<"PrivilegeNotHeld"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const PrivilegeNotHeld: WbemErrorClass<PrivilegeNotHeld> = /* @__PURE__ */ wbemError(
  "PrivilegeNotHeld",
  0x80041062
)

/**
 * Operator does not fit the type: 0x80041063, `wbemErrInvalidOperator`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidOperator extends WbemErrorOf<"InvalidOperator"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidOperator: WbemErrorClass<InvalidOperator> = /* @__PURE__ */ wbemError("InvalidOperator", 0x80041063)

/**
 * Credentials on a local connection: 0x80041064, `wbemErrLocalCredentials`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface LocalCredentials extends WbemErrorOf<"LocalCredentials"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const LocalCredentials: WbemErrorClass<LocalCredentials> = /* @__PURE__ */ wbemError(
  "LocalCredentials",
  0x80041064
)

/**
 * Abstract below a concrete class: 0x80041065, `wbemErrCannotBeAbstract`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface CannotBeAbstract extends WbemErrorOf<"CannotBeAbstract"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const CannotBeAbstract: WbemErrorClass<CannotBeAbstract> = /* @__PURE__ */ wbemError(
  "CannotBeAbstract",
  0x80041065
)

/**
 * Amended object without the flag: 0x80041066, `wbemErrAmendedObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface AmendedObject extends WbemErrorOf<"AmendedObject"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const AmendedObject: WbemErrorClass<AmendedObject> = /* @__PURE__ */ wbemError("AmendedObject", 0x80041066)

/**
 * Enumeration read too slowly: 0x80041067, `wbemErrClientTooSlow`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ClientTooSlow extends WbemErrorOf<"ClientTooSlow"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ClientTooSlow: WbemErrorClass<ClientTooSlow> = /* @__PURE__ */ wbemError("ClientTooSlow", 0x80041067)

/**
 * Null security descriptor: 0x80041068, `wbemErrNullSecurityDescriptor`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NullSecurityDescriptor extends WbemErrorOf<"NullSecurityDescriptor"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const NullSecurityDescriptor: WbemErrorClass<NullSecurityDescriptor> = /* @__PURE__ */ wbemError(
  "NullSecurityDescriptor",
  0x80041068
)

/**
 * Timed out: 0x80041069, `wbemErrTimeout`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Timeout extends WbemErrorOf<"Timeout"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const Timeout: WbemErrorClass<Timeout> = /* @__PURE__ */ wbemError("Timeout", 0x80041069)

/**
 * Association not valid: 0x8004106a, `wbemErrInvalidAssociation`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidAssociation extends WbemErrorOf<"InvalidAssociation"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidAssociation: WbemErrorClass<InvalidAssociation> = /* @__PURE__ */ wbemError(
  "InvalidAssociation",
  0x8004106a
)

/**
 * Ambiguous: 0x8004106b, `wbemErrAmbiguousOperation`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface AmbiguousOperation extends WbemErrorOf<"AmbiguousOperation"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const AmbiguousOperation: WbemErrorClass<AmbiguousOperation> = /* @__PURE__ */ wbemError(
  "AmbiguousOperation",
  0x8004106b
)

/**
 * Quota or length limit exceeded: 0x8004106c, `wbemErrQuotaViolation`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface QuotaViolation extends WbemErrorOf<"QuotaViolation"> {
  readonly limit: string
  readonly maximum: number
}

/** Makes one. @since 0.1.0 @category constructors */
export const QuotaViolation: WbemErrorClass<QuotaViolation> = /* @__PURE__ */ wbemError("QuotaViolation", 0x8004106c)

/**
 * Transactions conflict: 0x8004106d, `wbemErrTransactionConflict`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface TransactionConflict extends WbemErrorOf<"TransactionConflict"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const TransactionConflict: WbemErrorClass<TransactionConflict> = /* @__PURE__ */ wbemError(
  "TransactionConflict",
  0x8004106d
)

/**
 * Transaction rolled back: 0x8004106e, `wbemErrForcedRollback`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ForcedRollback extends WbemErrorOf<"ForcedRollback"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ForcedRollback: WbemErrorClass<ForcedRollback> = /* @__PURE__ */ wbemError("ForcedRollback", 0x8004106e)

/**
 * Locale unsupported: 0x8004106f, `wbemErrUnsupportedLocale`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface UnsupportedLocale extends WbemErrorOf<"UnsupportedLocale"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const UnsupportedLocale: WbemErrorClass<UnsupportedLocale> = /* @__PURE__ */ wbemError(
  "UnsupportedLocale",
  0x8004106f
)

/**
 * Stale handle: 0x80041070, `wbemErrHandleOutOfDate`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface HandleOutOfDate extends WbemErrorOf<"HandleOutOfDate"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const HandleOutOfDate: WbemErrorClass<HandleOutOfDate> = /* @__PURE__ */ wbemError("HandleOutOfDate", 0x80041070)

/**
 * SQL connection failed: 0x80041071, `wbemErrConnectionFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ConnectionFailed extends WbemErrorOf<"ConnectionFailed"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ConnectionFailed: WbemErrorClass<ConnectionFailed> = /* @__PURE__ */ wbemError(
  "ConnectionFailed",
  0x80041071
)

/**
 * Bad handle request: 0x80041072, `wbemErrInvalidHandleRequest`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidHandleRequest extends WbemErrorOf<"InvalidHandleRequest"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidHandleRequest: WbemErrorClass<InvalidHandleRequest> = /* @__PURE__ */ wbemError(
  "InvalidHandleRequest",
  0x80041072
)

/**
 * Property name over 255: 0x80041073, `wbemErrPropertyNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface PropertyNameTooWide extends WbemErrorOf<"PropertyNameTooWide"> {
  readonly property: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const PropertyNameTooWide: WbemErrorClass<PropertyNameTooWide> = /* @__PURE__ */ wbemError(
  "PropertyNameTooWide",
  0x80041073
)

/**
 * Class name over 255: 0x80041074, `wbemErrClassNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ClassNameTooWide extends WbemErrorOf<"ClassNameTooWide"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ClassNameTooWide: WbemErrorClass<ClassNameTooWide> = /* @__PURE__ */ wbemError(
  "ClassNameTooWide",
  0x80041074
)

/**
 * Method name over 255: 0x80041075, `wbemErrMethodNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface MethodNameTooWide extends WbemErrorOf<"MethodNameTooWide"> {
  readonly method: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const MethodNameTooWide: WbemErrorClass<MethodNameTooWide> = /* @__PURE__ */ wbemError(
  "MethodNameTooWide",
  0x80041075
)

/**
 * Qualifier name over 255: 0x80041076, `wbemErrQualifierNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface QualifierNameTooWide extends WbemErrorOf<"QualifierNameTooWide"> {
  readonly qualifier: string
  readonly on: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const QualifierNameTooWide: WbemErrorClass<QualifierNameTooWide> = /* @__PURE__ */ wbemError(
  "QualifierNameTooWide",
  0x80041076
)

/**
 * SQL deadlock, retry: 0x80041077, `wbemErrRerunCommand`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface RerunCommand extends WbemErrorOf<"RerunCommand"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const RerunCommand: WbemErrorClass<RerunCommand> = /* @__PURE__ */ wbemError("RerunCommand", 0x80041077)

/**
 * Store version differs: 0x80041078, `wbemErrDatabaseVerMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface DatabaseVerMismatch extends WbemErrorOf<"DatabaseVerMismatch"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const DatabaseVerMismatch: WbemErrorClass<DatabaseVerMismatch> = /* @__PURE__ */ wbemError(
  "DatabaseVerMismatch",
  0x80041078
)

/**
 * Delete refused by the provider: 0x80041079, `wbemErrVetoPut`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface VetoDelete extends WbemErrorOf<"VetoDelete"> {
  readonly path: ObjectPath
}

/** Makes one. @since 0.1.0 @category constructors */
export const VetoDelete: WbemErrorClass<VetoDelete> = /* @__PURE__ */ wbemError("VetoDelete", 0x80041079)

/**
 * Put refused by the provider: 0x8004107a, `wbemErrVetoDelete`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface VetoPut extends WbemErrorOf<"VetoPut"> {
  readonly path: ObjectPath
}

/** Makes one. @since 0.1.0 @category constructors */
export const VetoPut: WbemErrorClass<VetoPut> = /* @__PURE__ */ wbemError("VetoPut", 0x8004107a)

/**
 * Locale id not valid: 0x80041080, `wbemErrInvalidLocale`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface InvalidLocale extends WbemErrorOf<"InvalidLocale"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const InvalidLocale: WbemErrorClass<InvalidLocale> = /* @__PURE__ */ wbemError("InvalidLocale", 0x80041080)

/**
 * Provider suspended: 0x80041081, `wbemErrProviderSuspended`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderSuspended extends WbemErrorOf<"ProviderSuspended"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderSuspended: WbemErrorClass<ProviderSuspended> = /* @__PURE__ */ wbemError(
  "ProviderSuspended",
  0x80041081
)

/**
 * Store and read again first: 0x80041082, `wbemErrSynchronizationRequired`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface SynchronizationRequired extends WbemErrorOf<"SynchronizationRequired"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const SynchronizationRequired: WbemErrorClass<SynchronizationRequired> = /* @__PURE__ */ wbemError(
  "SynchronizationRequired",
  0x80041082
)

/**
 * No schema available: 0x80041083, `wbemErrNoSchema`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NoSchema extends WbemErrorOf<"NoSchema"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const NoSchema: WbemErrorClass<NoSchema> = /* @__PURE__ */ wbemError("NoSchema", 0x80041083)

/**
 * Already registered: 0x80041084, `wbemErrProviderAlreadyRegistered`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderAlreadyRegistered extends WbemErrorOf<"ProviderAlreadyRegistered"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderAlreadyRegistered: WbemErrorClass<ProviderAlreadyRegistered> = /* @__PURE__ */ wbemError(
  "ProviderAlreadyRegistered",
  0x80041084
)

/**
 * Not registered: 0x80041085, `wbemErrProviderNotRegistered`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderNotRegistered extends WbemErrorOf<"ProviderNotRegistered"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderNotRegistered: WbemErrorClass<ProviderNotRegistered> = /* @__PURE__ */ wbemError(
  "ProviderNotRegistered",
  0x80041085
)

/**
 * Fatal network failure: 0x80041086, `wbemErrFatalTransportError`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface FatalTransportError extends WbemErrorOf<"FatalTransportError"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const FatalTransportError: WbemErrorClass<FatalTransportError> = /* @__PURE__ */ wbemError(
  "FatalTransportError",
  0x80041086
)

/**
 * Connection must be encrypted: 0x80041087, `wbemErrEncryptedConnectionRequired`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface EncryptedConnectionRequired extends WbemErrorOf<"EncryptedConnectionRequired"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const EncryptedConnectionRequired: WbemErrorClass<EncryptedConnectionRequired> = /* @__PURE__ */ wbemError(
  "EncryptedConnectionRequired",
  0x80041087
)

/**
 * Provider too slow: 0x80041088, `WBEM_E_PROVIDER_TIMED_OUT`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderTimedOut extends WbemErrorOf<"ProviderTimedOut"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderTimedOut: WbemErrorClass<ProviderTimedOut> = /* @__PURE__ */ wbemError(
  "ProviderTimedOut",
  0x80041088
)

/**
 * Instance without a key: 0x80041089, `WBEM_E_NO_KEY`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface NoKey extends WbemErrorOf<"NoKey"> {
  readonly className: string
}

/** Makes one. @since 0.1.0 @category constructors */
export const NoKey: WbemErrorClass<NoKey> = /* @__PURE__ */ wbemError("NoKey", 0x80041089)

/**
 * Provider unloaded: 0x8004108a, `WBEM_E_PROVIDER_DISABLED`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ProviderDisabled extends WbemErrorOf<"ProviderDisabled"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ProviderDisabled: WbemErrorClass<ProviderDisabled> = /* @__PURE__ */ wbemError(
  "ProviderDisabled",
  0x8004108a
)

/**
 * Event registration too broad: 0x80042001, `wbemErrRegistrationTooBroad`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface RegistrationTooBroad extends WbemErrorOf<"RegistrationTooBroad"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const RegistrationTooBroad: WbemErrorClass<RegistrationTooBroad> = /* @__PURE__ */ wbemError(
  "RegistrationTooBroad",
  0x80042001
)

/**
 * Event query without WITHIN: 0x80042002, `wbemErrRegistrationTooPrecise`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface RegistrationTooPrecise extends WbemErrorOf<"RegistrationTooPrecise"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const RegistrationTooPrecise: WbemErrorClass<RegistrationTooPrecise> = /* @__PURE__ */ wbemError(
  "RegistrationTooPrecise",
  0x80042002
)

/**
 * Domain right missing for a subscription: 0x80042003, `WBEMESS_E_AUTHZ_NOT_PRIVILEGED`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface AuthzNotPrivileged extends WbemErrorOf<"AuthzNotPrivileged"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const AuthzNotPrivileged: WbemErrorClass<AuthzNotPrivileged> = /* @__PURE__ */ wbemError(
  "AuthzNotPrivileged",
  0x80042003
)

/**
 * Scripting layer: timed out: 0x80043001, `wbemErrTimedout`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Timedout extends WbemErrorOf<"Timedout"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const Timedout: WbemErrorClass<Timedout> = /* @__PURE__ */ wbemError("Timedout", 0x80043001)

/**
 * Scripting layer: override removed, default restored: 0x80043002, `wbemErrResetToDefault`.
 *
 * @since 0.1.0
 * @category errors
 */
export interface ResetToDefault extends WbemErrorOf<"ResetToDefault"> {}

/** Makes one. @since 0.1.0 @category constructors */
export const ResetToDefault: WbemErrorClass<ResetToDefault> = /* @__PURE__ */ wbemError("ResetToDefault", 0x80043002)

/**
 * A number that a host or provider answered and that the table does not list. It passes through as it is (ER-4).
 *
 * @since 0.1.0
 * @category errors
 */
export interface Unlisted extends WbemErrorOf<"Unlisted"> {
  readonly hresult: number
}

/** Makes one. @since 0.1.0 @category constructors */
export const Unlisted: WbemErrorClass<Unlisted, { readonly hresult: number }> = /* @__PURE__ */ wbemError("Unlisted", 0)

/**
 * Every way in which a put can fail.
 *
 * @since 0.1.0
 * @category errors
 */
export type WbemError =
  | Failed
  | NotFound
  | AccessDenied
  | ProviderFailure
  | TypeMismatch
  | OutOfMemory
  | InvalidContext
  | InvalidParameter
  | NotAvailable
  | CriticalError
  | InvalidStream
  | NotSupported
  | InvalidSuperclass
  | InvalidNamespace
  | InvalidObject
  | InvalidClass
  | ProviderNotFound
  | InvalidProviderRegistration
  | ProviderLoadFailure
  | InitializationFailure
  | TransportFailure
  | InvalidOperation
  | InvalidQuery
  | InvalidQueryType
  | AlreadyExists
  | OverrideNotAllowed
  | PropagatedQualifier
  | PropagatedProperty
  | Unexpected
  | IllegalOperation
  | CannotBeKey
  | IncompleteClass
  | InvalidSyntax
  | NondecoratedObject
  | ReadOnly
  | ProviderNotCapable
  | ClassHasChildren
  | ClassHasInstances
  | QueryNotImplemented
  | IllegalNull
  | InvalidQualifierType
  | InvalidPropertyType
  | ValueOutOfRange
  | CannotBeSingleton
  | InvalidCimType
  | InvalidMethod
  | InvalidMethodParameters
  | SystemProperty
  | InvalidProperty
  | CallCancelled
  | ShuttingDown
  | PropagatedMethod
  | UnsupportedParameter
  | MissingParameter
  | InvalidParameterId
  | NonConsecutiveParameterIds
  | ParameterIdOnRetval
  | InvalidObjectPath
  | OutOfDiskSpace
  | BufferTooSmall
  | UnsupportedPutExtension
  | UnknownObjectType
  | UnknownPacketType
  | MarshalVersionMismatch
  | MarshalInvalidSignature
  | InvalidQualifier
  | InvalidDuplicateParameter
  | TooMuchData
  | ServerTooBusy
  | InvalidFlavor
  | CircularReference
  | UnsupportedClassUpdate
  | CannotChangeKeyInheritance
  | CannotChangeIndexInheritance
  | TooManyProperties
  | UpdateTypeMismatch
  | UpdateOverrideNotAllowed
  | UpdatePropagatedMethod
  | MethodNotImplemented
  | MethodDisabled
  | RefresherBusy
  | UnparsableQuery
  | NotEventClass
  | MissingGroupWithin
  | MissingAggregationList
  | PropertyNotAnObject
  | AggregatingByObject
  | UninterpretableProviderQuery
  | BackupRestoreWinmgmtRunning
  | QueueOverflow
  | PrivilegeNotHeld
  | InvalidOperator
  | LocalCredentials
  | CannotBeAbstract
  | AmendedObject
  | ClientTooSlow
  | NullSecurityDescriptor
  | Timeout
  | InvalidAssociation
  | AmbiguousOperation
  | QuotaViolation
  | TransactionConflict
  | ForcedRollback
  | UnsupportedLocale
  | HandleOutOfDate
  | ConnectionFailed
  | InvalidHandleRequest
  | PropertyNameTooWide
  | ClassNameTooWide
  | MethodNameTooWide
  | QualifierNameTooWide
  | RerunCommand
  | DatabaseVerMismatch
  | VetoDelete
  | VetoPut
  | InvalidLocale
  | ProviderSuspended
  | SynchronizationRequired
  | NoSchema
  | ProviderAlreadyRegistered
  | ProviderNotRegistered
  | FatalTransportError
  | EncryptedConnectionRequired
  | ProviderTimedOut
  | NoKey
  | ProviderDisabled
  | RegistrationTooBroad
  | RegistrationTooPrecise
  | AuthzNotPrivileged
  | Timedout
  | ResetToDefault
  | Unlisted

/**
 * What can refuse the call itself, before the sink is used (`put-async` 3).
 *
 * @since 0.1.0
 * @category errors
 */
export type StartError =
  | InvalidParameter
  | InvalidContext
  | ShuttingDown
  | TransportFailure
  | InvalidNamespace
  | AccessDenied
  | QuotaViolation
  | ConnectionFailed

/**
 * Whether anything at all is an error of this library.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isWbemError = (u: unknown): u is WbemError => typeof u === "object" && u !== null && TypeId in u
