/**
 * One error class per status, one table behind them (`HResult`).
 *
 * A class carries its own facts and shares with the others `_tag` (`"Wbem"` + status, so that it cannot be caught by mistake
 * for another library's error), `status`, `hresult` and the `TypeId`. They are expected outcomes and made by the thousand in a
 * bulk run, so they capture no stack; a failure of a lower library rides along as `cause`.
 *
 * @since 0.1.0
 */
import { TypeId, wbemError, type WbemErrorConstructor } from "./wbemErrorBase.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"

export { type ExtendedStatus, TypeId, type WbemErrorOptions } from "./wbemErrorBase.ts"

const FailedBase: WbemErrorConstructor<"Failed"> = /* @__PURE__ */ wbemError("Failed", 0x80041001)
/**
 * Unspecified failure: 0x80041001, `wbemErrFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export class Failed extends FailedBase {}

const NotFoundBase: WbemErrorConstructor<"NotFound"> = /* @__PURE__ */ wbemError("NotFound", 0x80041002)
/**
 * Object does not exist: 0x80041002, `wbemErrNotFound`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotFound extends NotFoundBase<{ readonly path: ObjectPath }> {}

const AccessDeniedBase: WbemErrorConstructor<"AccessDenied"> = /* @__PURE__ */ wbemError("AccessDenied", 0x80041003)
/**
 * Right missing: 0x80041003, `wbemErrAccessDenied`.
 *
 * @since 0.1.0
 * @category errors
 */
export class AccessDenied extends AccessDeniedBase<{ readonly right: string; readonly namespace: string }> {}

const ProviderFailureBase: WbemErrorConstructor<"ProviderFailure"> = /* @__PURE__ */ wbemError(
  "ProviderFailure",
  0x80041004
)
/**
 * Provider broke while running: 0x80041004, `wbemErrProviderFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderFailure extends ProviderFailureBase<{ readonly provider: string }> {}

const TypeMismatchBase: WbemErrorConstructor<"TypeMismatch"> = /* @__PURE__ */ wbemError("TypeMismatch", 0x80041005)
/**
 * Value of the wrong type: 0x80041005, `wbemErrTypeMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export class TypeMismatch extends TypeMismatchBase<{ readonly property: string; readonly type: string }> {}

const OutOfMemoryBase: WbemErrorConstructor<"OutOfMemory"> = /* @__PURE__ */ wbemError("OutOfMemory", 0x80041006)
/**
 * Memory exhausted: 0x80041006, `wbemErrOutOfMemory`.
 *
 * @since 0.1.0
 * @category errors
 */
export class OutOfMemory extends OutOfMemoryBase {}

const InvalidContextBase: WbemErrorConstructor<"InvalidContext"> = /* @__PURE__ */ wbemError(
  "InvalidContext",
  0x80041007
)
/**
 * Context values inconsistent: 0x80041007, `wbemErrInvalidContext`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidContext extends InvalidContextBase<{ readonly name: string }> {}

const InvalidParameterBase: WbemErrorConstructor<"InvalidParameter"> = /* @__PURE__ */ wbemError(
  "InvalidParameter",
  0x80041008
)
/**
 * Parameter not valid: 0x80041008, `wbemErrInvalidParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidParameter
  extends InvalidParameterBase<{ readonly parameter: string; readonly bits?: number | undefined }> {}

const NotAvailableBase: WbemErrorConstructor<"NotAvailable"> = /* @__PURE__ */ wbemError("NotAvailable", 0x80041009)
/**
 * Resource (usually a remote server) unavailable: 0x80041009, `wbemErrNotAvailable`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotAvailable extends NotAvailableBase {}

const CriticalErrorBase: WbemErrorConstructor<"CriticalError"> = /* @__PURE__ */ wbemError("CriticalError", 0x8004100a)
/**
 * Internal catastrophic failure: 0x8004100a, `wbemErrCriticalError`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CriticalError extends CriticalErrorBase {}

const InvalidStreamBase: WbemErrorConstructor<"InvalidStream"> = /* @__PURE__ */ wbemError("InvalidStream", 0x8004100b)
/**
 * Corrupt packets: 0x8004100b, `wbemErrInvalidStream`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidStream extends InvalidStreamBase {}

const NotSupportedBase: WbemErrorConstructor<"NotSupported"> = /* @__PURE__ */ wbemError("NotSupported", 0x8004100c)
/**
 * Feature not supported: 0x8004100c, `wbemErrNotSupported`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotSupported extends NotSupportedBase {}

const InvalidSuperclassBase: WbemErrorConstructor<"InvalidSuperclass"> = /* @__PURE__ */ wbemError(
  "InvalidSuperclass",
  0x8004100d
)
/**
 * Parent class not valid: 0x8004100d, `wbemErrInvalidSuperclass`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidSuperclass
  extends InvalidSuperclassBase<{ readonly className: string; readonly superclass: string }> {}

const InvalidNamespaceBase: WbemErrorConstructor<"InvalidNamespace"> = /* @__PURE__ */ wbemError(
  "InvalidNamespace",
  0x8004100e
)
/**
 * Namespace not found: 0x8004100e, `wbemErrInvalidNamespace`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidNamespace extends InvalidNamespaceBase<{ readonly namespace: string }> {}

const InvalidObjectBase: WbemErrorConstructor<"InvalidObject"> = /* @__PURE__ */ wbemError("InvalidObject", 0x8004100f)
/**
 * Object not valid: 0x8004100f, `wbemErrInvalidObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidObject extends InvalidObjectBase<{ readonly property?: string | undefined }> {}

const InvalidClassBase: WbemErrorConstructor<"InvalidClass"> = /* @__PURE__ */ wbemError("InvalidClass", 0x80041010)
/**
 * Class not valid: 0x80041010, `wbemErrInvalidClass`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidClass extends InvalidClassBase<{ readonly className: string }> {}

const ProviderNotFoundBase: WbemErrorConstructor<"ProviderNotFound"> = /* @__PURE__ */ wbemError(
  "ProviderNotFound",
  0x80041011
)
/**
 * Provider not registered: 0x80041011, `wbemErrProviderNotFound`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderNotFound
  extends ProviderNotFoundBase<{ readonly className: string; readonly provider?: string | undefined }> {}

const InvalidProviderRegistrationBase: WbemErrorConstructor<"InvalidProviderRegistration"> = /* @__PURE__ */ wbemError(
  "InvalidProviderRegistration",
  0x80041012
)
/**
 * Registration incomplete: 0x80041012, `wbemErrInvalidProviderRegistration`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidProviderRegistration extends InvalidProviderRegistrationBase {}

const ProviderLoadFailureBase: WbemErrorConstructor<"ProviderLoadFailure"> = /* @__PURE__ */ wbemError(
  "ProviderLoadFailure",
  0x80041013
)
/**
 * Provider cannot be located or loaded: 0x80041013, `wbemErrProviderLoadFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderLoadFailure extends ProviderLoadFailureBase<{ readonly provider: string }> {}

const InitializationFailureBase: WbemErrorConstructor<"InitializationFailure"> = /* @__PURE__ */ wbemError(
  "InitializationFailure",
  0x80041014
)
/**
 * Component failed to initialise: 0x80041014, `wbemErrInitializationFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InitializationFailure extends InitializationFailureBase {}

const TransportFailureBase: WbemErrorConstructor<"TransportFailure"> = /* @__PURE__ */ wbemError(
  "TransportFailure",
  0x80041015
)
/**
 * Network failure: 0x80041015, `wbemErrTransportFailure`.
 *
 * @since 0.1.0
 * @category errors
 */
export class TransportFailure extends TransportFailureBase<{ readonly sent: boolean }> {}

const InvalidOperationBase: WbemErrorConstructor<"InvalidOperation"> = /* @__PURE__ */ wbemError(
  "InvalidOperation",
  0x80041016
)
/**
 * Operation not valid: 0x80041016, `wbemErrInvalidOperation`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidOperation extends InvalidOperationBase<{ readonly className: string }> {}

const InvalidQueryBase: WbemErrorConstructor<"InvalidQuery"> = /* @__PURE__ */ wbemError("InvalidQuery", 0x80041017)
/**
 * Query malformed: 0x80041017, `wbemErrInvalidQuery`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidQuery extends InvalidQueryBase {}

const InvalidQueryTypeBase: WbemErrorConstructor<"InvalidQueryType"> = /* @__PURE__ */ wbemError(
  "InvalidQueryType",
  0x80041018
)
/**
 * Query language unsupported: 0x80041018, `wbemErrInvalidQueryType`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidQueryType extends InvalidQueryTypeBase {}

const AlreadyExistsBase: WbemErrorConstructor<"AlreadyExists"> = /* @__PURE__ */ wbemError("AlreadyExists", 0x80041019)
/**
 * Object exists: 0x80041019, `wbemErrAlreadyExists`.
 *
 * @since 0.1.0
 * @category errors
 */
export class AlreadyExists extends AlreadyExistsBase<{ readonly path: ObjectPath }> {}

const OverrideNotAllowedBase: WbemErrorConstructor<"OverrideNotAllowed"> = /* @__PURE__ */ wbemError(
  "OverrideNotAllowed",
  0x8004101a
)
/**
 * Qualifier may not be overridden: 0x8004101a, `wbemErrOverrideNotAllowed`.
 *
 * @since 0.1.0
 * @category errors
 */
export class OverrideNotAllowed extends OverrideNotAllowedBase<{ readonly qualifier: string; readonly on: string }> {}

const PropagatedQualifierBase: WbemErrorConstructor<"PropagatedQualifier"> = /* @__PURE__ */ wbemError(
  "PropagatedQualifier",
  0x8004101b
)
/**
 * Deleting an inherited qualifier: 0x8004101b, `wbemErrPropagatedQualifier`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PropagatedQualifier extends PropagatedQualifierBase {}

const PropagatedPropertyBase: WbemErrorConstructor<"PropagatedProperty"> = /* @__PURE__ */ wbemError(
  "PropagatedProperty",
  0x8004101c
)
/**
 * Deleting an inherited property: 0x8004101c, `wbemErrPropagatedProperty`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PropagatedProperty extends PropagatedPropertyBase {}

const UnexpectedBase: WbemErrorConstructor<"Unexpected"> = /* @__PURE__ */ wbemError("Unexpected", 0x8004101d)
/**
 * Calls in an illegal order: 0x8004101d, `wbemErrUnexpected`.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unexpected extends UnexpectedBase {}

const IllegalOperationBase: WbemErrorConstructor<"IllegalOperation"> = /* @__PURE__ */ wbemError(
  "IllegalOperation",
  0x8004101e
)
/**
 * Illegal request, e.g. class spawned from an instance: 0x8004101e, `wbemErrIllegalOperation`.
 *
 * @since 0.1.0
 * @category errors
 */
export class IllegalOperation extends IllegalOperationBase {}

const CannotBeKeyBase: WbemErrorConstructor<"CannotBeKey"> = /* @__PURE__ */ wbemError("CannotBeKey", 0x8004101f)
/**
 * Property cannot be a key: 0x8004101f, `wbemErrCannotBeKey`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CannotBeKey extends CannotBeKeyBase<{ readonly className: string; readonly property: string }> {}

const IncompleteClassBase: WbemErrorConstructor<"IncompleteClass"> = /* @__PURE__ */ wbemError(
  "IncompleteClass",
  0x80041020
)
/**
 * Class definition incomplete: 0x80041020, `wbemErrIncompleteClass`.
 *
 * @since 0.1.0
 * @category errors
 */
export class IncompleteClass extends IncompleteClassBase {}

const InvalidSyntaxBase: WbemErrorConstructor<"InvalidSyntax"> = /* @__PURE__ */ wbemError("InvalidSyntax", 0x80041021)
/**
 * Malformed query or datetime text: 0x80041021, `wbemErrInvalidSyntax`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidSyntax extends InvalidSyntaxBase {}

const NondecoratedObjectBase: WbemErrorConstructor<"NondecoratedObject"> = /* @__PURE__ */ wbemError(
  "NondecoratedObject",
  0x80041022
)
/**
 * Reserved: 0x80041022, `wbemErrNondecoratedObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NondecoratedObject extends NondecoratedObjectBase {}

const ReadOnlyBase: WbemErrorConstructor<"ReadOnly"> = /* @__PURE__ */ wbemError("ReadOnly", 0x80041023)
/**
 * Property is read-only: 0x80041023, `wbemErrReadOnly`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ReadOnly extends ReadOnlyBase {}

const ProviderNotCapableBase: WbemErrorConstructor<"ProviderNotCapable"> = /* @__PURE__ */ wbemError(
  "ProviderNotCapable",
  0x80041024
)
/**
 * Provider cannot do this: 0x80041024, `wbemErrProviderNotCapable`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderNotCapable extends ProviderNotCapableBase<{ readonly provider: string }> {}

const ClassHasChildrenBase: WbemErrorConstructor<"ClassHasChildren"> = /* @__PURE__ */ wbemError(
  "ClassHasChildren",
  0x80041025
)
/**
 * Change would invalidate a subclass: 0x80041025, `wbemErrClassHasChildren`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ClassHasChildren extends ClassHasChildrenBase<{ readonly className: string }> {}

const ClassHasInstancesBase: WbemErrorConstructor<"ClassHasInstances"> = /* @__PURE__ */ wbemError(
  "ClassHasInstances",
  0x80041026
)
/**
 * Class has instances: 0x80041026, `wbemErrClassHasInstances`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ClassHasInstances extends ClassHasInstancesBase<{ readonly className: string }> {}

const QueryNotImplementedBase: WbemErrorConstructor<"QueryNotImplemented"> = /* @__PURE__ */ wbemError(
  "QueryNotImplemented",
  0x80041027
)
/**
 * Reserved: 0x80041027, `wbemErrQueryNotImplemented`.
 *
 * @since 0.1.0
 * @category errors
 */
export class QueryNotImplemented extends QueryNotImplementedBase {}

const IllegalNullBase: WbemErrorConstructor<"IllegalNull"> = /* @__PURE__ */ wbemError("IllegalNull", 0x80041028)
/**
 * NULL where a value is needed: 0x80041028, `wbemErrIllegalNull`.
 *
 * @since 0.1.0
 * @category errors
 */
export class IllegalNull
  extends IllegalNullBase<{ readonly property: string; readonly because: "Key" | "Indexed" | "Not_Null" }> {}

const InvalidQualifierTypeBase: WbemErrorConstructor<"InvalidQualifierType"> = /* @__PURE__ */ wbemError(
  "InvalidQualifierType",
  0x80041029
)
/**
 * Qualifier value of an illegal type: 0x80041029, `wbemErrInvalidQualifierType`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidQualifierType
  extends InvalidQualifierTypeBase<{ readonly qualifier: string; readonly on: string }> {}

const InvalidPropertyTypeBase: WbemErrorConstructor<"InvalidPropertyType"> = /* @__PURE__ */ wbemError(
  "InvalidPropertyType",
  0x8004102a
)
/**
 * Property type not valid: 0x8004102a, `wbemErrInvalidPropertyType`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidPropertyType extends InvalidPropertyTypeBase {}

const ValueOutOfRangeBase: WbemErrorConstructor<"ValueOutOfRange"> = /* @__PURE__ */ wbemError(
  "ValueOutOfRange",
  0x8004102b
)
/**
 * Value out of range: 0x8004102b, `wbemErrValueOutOfRange`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ValueOutOfRange extends ValueOutOfRangeBase<{ readonly property: string; readonly type: string }> {}

const CannotBeSingletonBase: WbemErrorConstructor<"CannotBeSingleton"> = /* @__PURE__ */ wbemError(
  "CannotBeSingleton",
  0x8004102c
)
/**
 * Class cannot be a singleton: 0x8004102c, `wbemErrCannotBeSingleton`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CannotBeSingleton extends CannotBeSingletonBase<{ readonly className: string }> {}

const InvalidCimTypeBase: WbemErrorConstructor<"InvalidCimType"> = /* @__PURE__ */ wbemError(
  "InvalidCimType",
  0x8004102d
)
/**
 * Unknown CIM type: 0x8004102d, `wbemErrInvalidCimType`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidCimType extends InvalidCimTypeBase<{ readonly property: string; readonly type: string }> {}

const InvalidMethodBase: WbemErrorConstructor<"InvalidMethod"> = /* @__PURE__ */ wbemError("InvalidMethod", 0x8004102e)
/**
 * No such method: 0x8004102e, `wbemErrInvalidMethod`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidMethod extends InvalidMethodBase {}

const InvalidMethodParametersBase: WbemErrorConstructor<"InvalidMethodParameters"> = /* @__PURE__ */ wbemError(
  "InvalidMethodParameters",
  0x8004102f
)
/**
 * Bad method arguments: 0x8004102f, `wbemErrInvalidMethodParameters`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidMethodParameters extends InvalidMethodParametersBase {}

const SystemPropertyBase: WbemErrorConstructor<"SystemProperty"> = /* @__PURE__ */ wbemError(
  "SystemProperty",
  0x80041030
)
/**
 * Qualifiers asked of a system property: 0x80041030, `wbemErrSystemProperty`.
 *
 * @since 0.1.0
 * @category errors
 */
export class SystemProperty extends SystemPropertyBase {}

const InvalidPropertyBase: WbemErrorConstructor<"InvalidProperty"> = /* @__PURE__ */ wbemError(
  "InvalidProperty",
  0x80041031
)
/**
 * Property not recognised: 0x80041031, `wbemErrInvalidProperty`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidProperty extends InvalidPropertyBase<{ readonly property: string; readonly className: string }> {}

const CallCancelledBase: WbemErrorConstructor<"CallCancelled"> = /* @__PURE__ */ wbemError("CallCancelled", 0x80041032)
/**
 * Call cancelled: 0x80041032, `wbemErrCallCancelled`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CallCancelled extends CallCancelledBase {}

const ShuttingDownBase: WbemErrorConstructor<"ShuttingDown"> = /* @__PURE__ */ wbemError("ShuttingDown", 0x80041033)
/**
 * Service stopping: 0x80041033, `wbemErrShuttingDown`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ShuttingDown extends ShuttingDownBase {}

const PropagatedMethodBase: WbemErrorConstructor<"PropagatedMethod"> = /* @__PURE__ */ wbemError(
  "PropagatedMethod",
  0x80041034
)
/**
 * Inherited method redeclared with another signature: 0x80041034, `wbemErrPropagatedMethod`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PropagatedMethod extends PropagatedMethodBase {}

const UnsupportedParameterBase: WbemErrorConstructor<"UnsupportedParameter"> = /* @__PURE__ */ wbemError(
  "UnsupportedParameter",
  0x80041035
)
/**
 * Parameter too complex: 0x80041035, `wbemErrUnsupportedParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedParameter extends UnsupportedParameterBase {}

const MissingParameterBase: WbemErrorConstructor<"MissingParameter"> = /* @__PURE__ */ wbemError(
  "MissingParameter",
  0x80041036
)
/**
 * Method parameter without ID: 0x80041036, `wbemErrMissingParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MissingParameter extends MissingParameterBase<{ readonly method: string; readonly parameter: string }> {}

const InvalidParameterIdBase: WbemErrorConstructor<"InvalidParameterId"> = /* @__PURE__ */ wbemError(
  "InvalidParameterId",
  0x80041037
)
/**
 * Method parameter ID not valid: 0x80041037, `wbemErrInvalidParameterId`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidParameterId
  extends InvalidParameterIdBase<{ readonly method: string; readonly parameter: string }> {}

const NonConsecutiveParameterIdsBase: WbemErrorConstructor<"NonConsecutiveParameterIds"> = /* @__PURE__ */ wbemError(
  "NonConsecutiveParameterIds",
  0x80041038
)
/**
 * Method parameter IDs have gaps: 0x80041038, `wbemErrNonConsecutiveParameterIds`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NonConsecutiveParameterIds extends NonConsecutiveParameterIdsBase<{ readonly method: string }> {}

const ParameterIdOnRetvalBase: WbemErrorConstructor<"ParameterIdOnRetval"> = /* @__PURE__ */ wbemError(
  "ParameterIdOnRetval",
  0x80041039
)
/**
 * ID on the return value: 0x80041039, `wbemErrParameterIdOnRetval`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ParameterIdOnRetval extends ParameterIdOnRetvalBase<{ readonly method: string }> {}

const InvalidObjectPathBase: WbemErrorConstructor<"InvalidObjectPath"> = /* @__PURE__ */ wbemError(
  "InvalidObjectPath",
  0x8004103a
)
/**
 * Malformed path: 0x8004103a, `wbemErrInvalidObjectPath`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidObjectPath extends InvalidObjectPathBase<{ readonly input: string; readonly position: number }> {}

const OutOfDiskSpaceBase: WbemErrorConstructor<"OutOfDiskSpace"> = /* @__PURE__ */ wbemError(
  "OutOfDiskSpace",
  0x8004103b
)
/**
 * Storage full: 0x8004103b, `wbemErrOutOfDiskSpace`.
 *
 * @since 0.1.0
 * @category errors
 */
export class OutOfDiskSpace extends OutOfDiskSpaceBase {}

const BufferTooSmallBase: WbemErrorConstructor<"BufferTooSmall"> = /* @__PURE__ */ wbemError(
  "BufferTooSmall",
  0x8004103c
)
/**
 * Buffer too small: 0x8004103c, `wbemErrBufferTooSmall`.
 *
 * @since 0.1.0
 * @category errors
 */
export class BufferTooSmall extends BufferTooSmallBase {}

const UnsupportedPutExtensionBase: WbemErrorConstructor<"UnsupportedPutExtension"> = /* @__PURE__ */ wbemError(
  "UnsupportedPutExtension",
  0x8004103d
)
/**
 * Partial update unsupported: 0x8004103d, `wbemErrUnsupportedPutExtension`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedPutExtension extends UnsupportedPutExtensionBase {}

const UnknownObjectTypeBase: WbemErrorConstructor<"UnknownObjectType"> = /* @__PURE__ */ wbemError(
  "UnknownObjectType",
  0x8004103e
)
/**
 * Marshalling: object type: 0x8004103e, `wbemErrUnknownObjectType`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnknownObjectType extends UnknownObjectTypeBase {}

const UnknownPacketTypeBase: WbemErrorConstructor<"UnknownPacketType"> = /* @__PURE__ */ wbemError(
  "UnknownPacketType",
  0x8004103f
)
/**
 * Marshalling: packet type: 0x8004103f, `wbemErrUnknownPacketType`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnknownPacketType extends UnknownPacketTypeBase {}

const MarshalVersionMismatchBase: WbemErrorConstructor<"MarshalVersionMismatch"> = /* @__PURE__ */ wbemError(
  "MarshalVersionMismatch",
  0x80041040
)
/**
 * Marshalling: version: 0x80041040, `wbemErrMarshalVersionMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MarshalVersionMismatch extends MarshalVersionMismatchBase {}

const MarshalInvalidSignatureBase: WbemErrorConstructor<"MarshalInvalidSignature"> = /* @__PURE__ */ wbemError(
  "MarshalInvalidSignature",
  0x80041041
)
/**
 * Marshalling: signature: 0x80041041, `wbemErrMarshalInvalidSignature`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MarshalInvalidSignature extends MarshalInvalidSignatureBase {}

const InvalidQualifierBase: WbemErrorConstructor<"InvalidQualifier"> = /* @__PURE__ */ wbemError(
  "InvalidQualifier",
  0x80041042
)
/**
 * Qualifier in the wrong place: 0x80041042, `wbemErrInvalidQualifier`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidQualifier extends InvalidQualifierBase<{ readonly qualifier: string; readonly on: string }> {}

const InvalidDuplicateParameterBase: WbemErrorConstructor<"InvalidDuplicateParameter"> = /* @__PURE__ */ wbemError(
  "InvalidDuplicateParameter",
  0x80041043
)
/**
 * Method parameter declared twice: 0x80041043, `wbemErrInvalidDuplicateParameter`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidDuplicateParameter
  extends InvalidDuplicateParameterBase<{ readonly method: string; readonly parameter: string }> {}

const TooMuchDataBase: WbemErrorConstructor<"TooMuchData"> = /* @__PURE__ */ wbemError("TooMuchData", 0x80041044)
/**
 * Reserved: 0x80041044, `wbemErrTooMuchData`.
 *
 * @since 0.1.0
 * @category errors
 */
export class TooMuchData extends TooMuchDataBase {}

const ServerTooBusyBase: WbemErrorConstructor<"ServerTooBusy"> = /* @__PURE__ */ wbemError("ServerTooBusy", 0x80041045)
/**
 * Server cannot take more: 0x80041045, `wbemErrServerTooBusy`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ServerTooBusy extends ServerTooBusyBase {}

const InvalidFlavorBase: WbemErrorConstructor<"InvalidFlavor"> = /* @__PURE__ */ wbemError("InvalidFlavor", 0x80041046)
/**
 * Flavor not valid: 0x80041046, `wbemErrInvalidFlavor`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidFlavor extends InvalidFlavorBase {}

const CircularReferenceBase: WbemErrorConstructor<"CircularReference"> = /* @__PURE__ */ wbemError(
  "CircularReference",
  0x80041047
)
/**
 * Circular derivation: 0x80041047, `wbemErrCircularReference`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CircularReference
  extends CircularReferenceBase<{ readonly className: string; readonly superclass: string }> {}

const UnsupportedClassUpdateBase: WbemErrorConstructor<"UnsupportedClassUpdate"> = /* @__PURE__ */ wbemError(
  "UnsupportedClassUpdate",
  0x80041048
)
/**
 * Class update unsupported: 0x80041048, `wbemErrUnsupportedClassUpdate`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedClassUpdate extends UnsupportedClassUpdateBase {}

const CannotChangeKeyInheritanceBase: WbemErrorConstructor<"CannotChangeKeyInheritance"> = /* @__PURE__ */ wbemError(
  "CannotChangeKeyInheritance",
  0x80041049
)
/**
 * Key in use by children: 0x80041049, `wbemErrCannotChangeKeyInheritance`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CannotChangeKeyInheritance extends CannotChangeKeyInheritanceBase<{ readonly className: string }> {}

const CannotChangeIndexInheritanceBase: WbemErrorConstructor<"CannotChangeIndexInheritance"> =
  /* @__PURE__ */ wbemError("CannotChangeIndexInheritance", 0x80041050)
/**
 * Index in use by children: 0x80041050, `wbemErrCannotChangeIndexInheritance`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CannotChangeIndexInheritance extends CannotChangeIndexInheritanceBase<{ readonly className: string }> {}

const TooManyPropertiesBase: WbemErrorConstructor<"TooManyProperties"> = /* @__PURE__ */ wbemError(
  "TooManyProperties",
  0x80041051
)
/**
 * Too many properties: 0x80041051, `wbemErrTooManyProperties`.
 *
 * @since 0.1.0
 * @category errors
 */
export class TooManyProperties extends TooManyPropertiesBase<{ readonly className: string; readonly count: number }> {}

const UpdateTypeMismatchBase: WbemErrorConstructor<"UpdateTypeMismatch"> = /* @__PURE__ */ wbemError(
  "UpdateTypeMismatch",
  0x80041052
)
/**
 * Redeclared with a conflicting type: 0x80041052, `wbemErrUpdateTypeMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UpdateTypeMismatch
  extends UpdateTypeMismatchBase<{ readonly className: string; readonly property: string }> {}

const UpdateOverrideNotAllowedBase: WbemErrorConstructor<"UpdateOverrideNotAllowed"> = /* @__PURE__ */ wbemError(
  "UpdateOverrideNotAllowed",
  0x80041053
)
/**
 * Fixed qualifier overridden in a subclass: 0x80041053, `wbemErrUpdateOverrideNotAllowed`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UpdateOverrideNotAllowed extends UpdateOverrideNotAllowedBase<
  { readonly className: string; readonly qualifier: string; readonly on: string }
> {}

const UpdatePropagatedMethodBase: WbemErrorConstructor<"UpdatePropagatedMethod"> = /* @__PURE__ */ wbemError(
  "UpdatePropagatedMethod",
  0x80041054
)
/**
 * Method redeclared with a conflicting signature: 0x80041054, `wbemErrUpdatePropagatedMethod`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UpdatePropagatedMethod
  extends UpdatePropagatedMethodBase<{ readonly className: string; readonly method: string }> {}

const MethodNotImplementedBase: WbemErrorConstructor<"MethodNotImplemented"> = /* @__PURE__ */ wbemError(
  "MethodNotImplemented",
  0x80041055
)
/**
 * Method not implemented: 0x80041055, `wbemErrMethodNotImplemented`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MethodNotImplemented extends MethodNotImplementedBase {}

const MethodDisabledBase: WbemErrorConstructor<"MethodDisabled"> = /* @__PURE__ */ wbemError(
  "MethodDisabled",
  0x80041056
)
/**
 * Method disabled: 0x80041056, `wbemErrMethodDisabled`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MethodDisabled extends MethodDisabledBase {}

const RefresherBusyBase: WbemErrorConstructor<"RefresherBusy"> = /* @__PURE__ */ wbemError("RefresherBusy", 0x80041057)
/**
 * Refresher busy: 0x80041057, `wbemErrRefresherBusy`.
 *
 * @since 0.1.0
 * @category errors
 */
export class RefresherBusy extends RefresherBusyBase {}

const UnparsableQueryBase: WbemErrorConstructor<"UnparsableQuery"> = /* @__PURE__ */ wbemError(
  "UnparsableQuery",
  0x80041058
)
/**
 * Event query malformed: 0x80041058, `wbemErrUnparsableQuery`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnparsableQuery extends UnparsableQueryBase {}

const NotEventClassBase: WbemErrorConstructor<"NotEventClass"> = /* @__PURE__ */ wbemError("NotEventClass", 0x80041059)
/**
 * Not an event class: 0x80041059, `wbemErrNotEventClass`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotEventClass extends NotEventClassBase {}

const MissingGroupWithinBase: WbemErrorConstructor<"MissingGroupWithin"> = /* @__PURE__ */ wbemError(
  "MissingGroupWithin",
  0x8004105a
)
/**
 * GROUP BY without GROUP WITHIN: 0x8004105a, `wbemErrMissingGroupWithin`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MissingGroupWithin extends MissingGroupWithinBase {}

const MissingAggregationListBase: WbemErrorConstructor<"MissingAggregationList"> = /* @__PURE__ */ wbemError(
  "MissingAggregationList",
  0x8004105b
)
/**
 * Aggregation on all properties: 0x8004105b, `wbemErrMissingAggregationList`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MissingAggregationList extends MissingAggregationListBase {}

const PropertyNotAnObjectBase: WbemErrorConstructor<"PropertyNotAnObject"> = /* @__PURE__ */ wbemError(
  "PropertyNotAnObject",
  0x8004105c
)
/**
 * Dot notation on a plain property: 0x8004105c, `wbemErrPropertyNotAnObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PropertyNotAnObject extends PropertyNotAnObjectBase {}

const AggregatingByObjectBase: WbemErrorConstructor<"AggregatingByObject"> = /* @__PURE__ */ wbemError(
  "AggregatingByObject",
  0x8004105d
)
/**
 * Grouping by an object: 0x8004105d, `wbemErrAggregatingByObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export class AggregatingByObject extends AggregatingByObjectBase {}

const UninterpretableProviderQueryBase: WbemErrorConstructor<"UninterpretableProviderQuery"> =
  /* @__PURE__ */ wbemError("UninterpretableProviderQuery", 0x8004105f)
/**
 * Event provider query without classes: 0x8004105f, `wbemErrUninterpretableProviderQuery`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UninterpretableProviderQuery extends UninterpretableProviderQueryBase {}

const BackupRestoreWinmgmtRunningBase: WbemErrorConstructor<"BackupRestoreWinmgmtRunning"> = /* @__PURE__ */ wbemError(
  "BackupRestoreWinmgmtRunning",
  0x80041060
)
/**
 * Repository in use: 0x80041060, `wbemErrBackupRestoreWinmgmtRunning`.
 *
 * @since 0.1.0
 * @category errors
 */
export class BackupRestoreWinmgmtRunning extends BackupRestoreWinmgmtRunningBase {}

const QueueOverflowBase: WbemErrorConstructor<"QueueOverflow"> = /* @__PURE__ */ wbemError("QueueOverflow", 0x80041061)
/**
 * Event queue overflow: 0x80041061, `wbemErrQueueOverflow`.
 *
 * @since 0.1.0
 * @category errors
 */
export class QueueOverflow extends QueueOverflowBase {}

const PrivilegeNotHeldBase: WbemErrorConstructor<"PrivilegeNotHeld"> = /* @__PURE__ */ wbemError(
  "PrivilegeNotHeld",
  0x80041062
)
/**
 * Privilege missing: 0x80041062, `wbemErrPrivilegeNotHeld`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PrivilegeNotHeld extends PrivilegeNotHeldBase {}

const InvalidOperatorBase: WbemErrorConstructor<"InvalidOperator"> = /* @__PURE__ */ wbemError(
  "InvalidOperator",
  0x80041063
)
/**
 * Operator does not fit the type: 0x80041063, `wbemErrInvalidOperator`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidOperator extends InvalidOperatorBase {}

const LocalCredentialsBase: WbemErrorConstructor<"LocalCredentials"> = /* @__PURE__ */ wbemError(
  "LocalCredentials",
  0x80041064
)
/**
 * Credentials on a local connection: 0x80041064, `wbemErrLocalCredentials`.
 *
 * @since 0.1.0
 * @category errors
 */
export class LocalCredentials extends LocalCredentialsBase {}

const CannotBeAbstractBase: WbemErrorConstructor<"CannotBeAbstract"> = /* @__PURE__ */ wbemError(
  "CannotBeAbstract",
  0x80041065
)
/**
 * Abstract below a concrete class: 0x80041065, `wbemErrCannotBeAbstract`.
 *
 * @since 0.1.0
 * @category errors
 */
export class CannotBeAbstract extends CannotBeAbstractBase<{ readonly className: string }> {}

const AmendedObjectBase: WbemErrorConstructor<"AmendedObject"> = /* @__PURE__ */ wbemError("AmendedObject", 0x80041066)
/**
 * Amended object without the flag: 0x80041066, `wbemErrAmendedObject`.
 *
 * @since 0.1.0
 * @category errors
 */
export class AmendedObject extends AmendedObjectBase<{ readonly className: string }> {}

const ClientTooSlowBase: WbemErrorConstructor<"ClientTooSlow"> = /* @__PURE__ */ wbemError("ClientTooSlow", 0x80041067)
/**
 * Enumeration read too slowly: 0x80041067, `wbemErrClientTooSlow`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ClientTooSlow extends ClientTooSlowBase {}

const NullSecurityDescriptorBase: WbemErrorConstructor<"NullSecurityDescriptor"> = /* @__PURE__ */ wbemError(
  "NullSecurityDescriptor",
  0x80041068
)
/**
 * Null security descriptor: 0x80041068, `wbemErrNullSecurityDescriptor`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NullSecurityDescriptor extends NullSecurityDescriptorBase {}

const TimeoutBase: WbemErrorConstructor<"Timeout"> = /* @__PURE__ */ wbemError("Timeout", 0x80041069)
/**
 * Timed out: 0x80041069, `wbemErrTimeout`.
 *
 * @since 0.1.0
 * @category errors
 */
export class Timeout extends TimeoutBase {}

const InvalidAssociationBase: WbemErrorConstructor<"InvalidAssociation"> = /* @__PURE__ */ wbemError(
  "InvalidAssociation",
  0x8004106a
)
/**
 * Association not valid: 0x8004106a, `wbemErrInvalidAssociation`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidAssociation extends InvalidAssociationBase {}

const AmbiguousOperationBase: WbemErrorConstructor<"AmbiguousOperation"> = /* @__PURE__ */ wbemError(
  "AmbiguousOperation",
  0x8004106b
)
/**
 * Ambiguous: 0x8004106b, `wbemErrAmbiguousOperation`.
 *
 * @since 0.1.0
 * @category errors
 */
export class AmbiguousOperation extends AmbiguousOperationBase {}

const QuotaViolationBase: WbemErrorConstructor<"QuotaViolation"> = /* @__PURE__ */ wbemError(
  "QuotaViolation",
  0x8004106c
)
/**
 * Quota or length limit exceeded: 0x8004106c, `wbemErrQuotaViolation`.
 *
 * @since 0.1.0
 * @category errors
 */
export class QuotaViolation extends QuotaViolationBase<{ readonly limit: string; readonly maximum: number }> {}

const TransactionConflictBase: WbemErrorConstructor<"TransactionConflict"> = /* @__PURE__ */ wbemError(
  "TransactionConflict",
  0x8004106d
)
/**
 * Transactions conflict: 0x8004106d, `wbemErrTransactionConflict`.
 *
 * @since 0.1.0
 * @category errors
 */
export class TransactionConflict extends TransactionConflictBase {}

const ForcedRollbackBase: WbemErrorConstructor<"ForcedRollback"> = /* @__PURE__ */ wbemError(
  "ForcedRollback",
  0x8004106e
)
/**
 * Transaction rolled back: 0x8004106e, `wbemErrForcedRollback`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ForcedRollback extends ForcedRollbackBase {}

const UnsupportedLocaleBase: WbemErrorConstructor<"UnsupportedLocale"> = /* @__PURE__ */ wbemError(
  "UnsupportedLocale",
  0x8004106f
)
/**
 * Locale unsupported: 0x8004106f, `wbemErrUnsupportedLocale`.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnsupportedLocale extends UnsupportedLocaleBase {}

const HandleOutOfDateBase: WbemErrorConstructor<"HandleOutOfDate"> = /* @__PURE__ */ wbemError(
  "HandleOutOfDate",
  0x80041070
)
/**
 * Stale handle: 0x80041070, `wbemErrHandleOutOfDate`.
 *
 * @since 0.1.0
 * @category errors
 */
export class HandleOutOfDate extends HandleOutOfDateBase {}

const ConnectionFailedBase: WbemErrorConstructor<"ConnectionFailed"> = /* @__PURE__ */ wbemError(
  "ConnectionFailed",
  0x80041071
)
/**
 * SQL connection failed: 0x80041071, `wbemErrConnectionFailed`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ConnectionFailed extends ConnectionFailedBase {}

const InvalidHandleRequestBase: WbemErrorConstructor<"InvalidHandleRequest"> = /* @__PURE__ */ wbemError(
  "InvalidHandleRequest",
  0x80041072
)
/**
 * Bad handle request: 0x80041072, `wbemErrInvalidHandleRequest`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidHandleRequest extends InvalidHandleRequestBase {}

const PropertyNameTooWideBase: WbemErrorConstructor<"PropertyNameTooWide"> = /* @__PURE__ */ wbemError(
  "PropertyNameTooWide",
  0x80041073
)
/**
 * Property name over 255: 0x80041073, `wbemErrPropertyNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export class PropertyNameTooWide extends PropertyNameTooWideBase<{ readonly property: string }> {}

const ClassNameTooWideBase: WbemErrorConstructor<"ClassNameTooWide"> = /* @__PURE__ */ wbemError(
  "ClassNameTooWide",
  0x80041074
)
/**
 * Class name over 255: 0x80041074, `wbemErrClassNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ClassNameTooWide extends ClassNameTooWideBase {}

const MethodNameTooWideBase: WbemErrorConstructor<"MethodNameTooWide"> = /* @__PURE__ */ wbemError(
  "MethodNameTooWide",
  0x80041075
)
/**
 * Method name over 255: 0x80041075, `wbemErrMethodNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export class MethodNameTooWide extends MethodNameTooWideBase<{ readonly method: string }> {}

const QualifierNameTooWideBase: WbemErrorConstructor<"QualifierNameTooWide"> = /* @__PURE__ */ wbemError(
  "QualifierNameTooWide",
  0x80041076
)
/**
 * Qualifier name over 255: 0x80041076, `wbemErrQualifierNameTooWide`.
 *
 * @since 0.1.0
 * @category errors
 */
export class QualifierNameTooWide
  extends QualifierNameTooWideBase<{ readonly qualifier: string; readonly on: string }> {}

const RerunCommandBase: WbemErrorConstructor<"RerunCommand"> = /* @__PURE__ */ wbemError("RerunCommand", 0x80041077)
/**
 * SQL deadlock, retry: 0x80041077, `wbemErrRerunCommand`.
 *
 * @since 0.1.0
 * @category errors
 */
export class RerunCommand extends RerunCommandBase {}

const DatabaseVerMismatchBase: WbemErrorConstructor<"DatabaseVerMismatch"> = /* @__PURE__ */ wbemError(
  "DatabaseVerMismatch",
  0x80041078
)
/**
 * Store version differs: 0x80041078, `wbemErrDatabaseVerMismatch`.
 *
 * @since 0.1.0
 * @category errors
 */
export class DatabaseVerMismatch extends DatabaseVerMismatchBase {}

const VetoDeleteBase: WbemErrorConstructor<"VetoDelete"> = /* @__PURE__ */ wbemError("VetoDelete", 0x80041079)
/**
 * Delete refused by the provider: 0x80041079, `wbemErrVetoPut`.
 *
 * @since 0.1.0
 * @category errors
 */
export class VetoDelete extends VetoDeleteBase<{ readonly path: ObjectPath }> {}

const VetoPutBase: WbemErrorConstructor<"VetoPut"> = /* @__PURE__ */ wbemError("VetoPut", 0x8004107a)
/**
 * Put refused by the provider: 0x8004107a, `wbemErrVetoDelete`.
 *
 * @since 0.1.0
 * @category errors
 */
export class VetoPut extends VetoPutBase<{ readonly path: ObjectPath }> {}

const InvalidLocaleBase: WbemErrorConstructor<"InvalidLocale"> = /* @__PURE__ */ wbemError("InvalidLocale", 0x80041080)
/**
 * Locale id not valid: 0x80041080, `wbemErrInvalidLocale`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidLocale extends InvalidLocaleBase {}

const ProviderSuspendedBase: WbemErrorConstructor<"ProviderSuspended"> = /* @__PURE__ */ wbemError(
  "ProviderSuspended",
  0x80041081
)
/**
 * Provider suspended: 0x80041081, `wbemErrProviderSuspended`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderSuspended extends ProviderSuspendedBase {}

const SynchronizationRequiredBase: WbemErrorConstructor<"SynchronizationRequired"> = /* @__PURE__ */ wbemError(
  "SynchronizationRequired",
  0x80041082
)
/**
 * Store and read again first: 0x80041082, `wbemErrSynchronizationRequired`.
 *
 * @since 0.1.0
 * @category errors
 */
export class SynchronizationRequired extends SynchronizationRequiredBase {}

const NoSchemaBase: WbemErrorConstructor<"NoSchema"> = /* @__PURE__ */ wbemError("NoSchema", 0x80041083)
/**
 * No schema available: 0x80041083, `wbemErrNoSchema`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NoSchema extends NoSchemaBase {}

const ProviderAlreadyRegisteredBase: WbemErrorConstructor<"ProviderAlreadyRegistered"> = /* @__PURE__ */ wbemError(
  "ProviderAlreadyRegistered",
  0x80041084
)
/**
 * Already registered: 0x80041084, `wbemErrProviderAlreadyRegistered`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderAlreadyRegistered extends ProviderAlreadyRegisteredBase {}

const ProviderNotRegisteredBase: WbemErrorConstructor<"ProviderNotRegistered"> = /* @__PURE__ */ wbemError(
  "ProviderNotRegistered",
  0x80041085
)
/**
 * Not registered: 0x80041085, `wbemErrProviderNotRegistered`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderNotRegistered extends ProviderNotRegisteredBase {}

const FatalTransportErrorBase: WbemErrorConstructor<"FatalTransportError"> = /* @__PURE__ */ wbemError(
  "FatalTransportError",
  0x80041086
)
/**
 * Fatal network failure: 0x80041086, `wbemErrFatalTransportError`.
 *
 * @since 0.1.0
 * @category errors
 */
export class FatalTransportError extends FatalTransportErrorBase {}

const EncryptedConnectionRequiredBase: WbemErrorConstructor<"EncryptedConnectionRequired"> = /* @__PURE__ */ wbemError(
  "EncryptedConnectionRequired",
  0x80041087
)
/**
 * Connection must be encrypted: 0x80041087, `wbemErrEncryptedConnectionRequired`.
 *
 * @since 0.1.0
 * @category errors
 */
export class EncryptedConnectionRequired extends EncryptedConnectionRequiredBase {}

const ProviderTimedOutBase: WbemErrorConstructor<"ProviderTimedOut"> = /* @__PURE__ */ wbemError(
  "ProviderTimedOut",
  0x80041088
)
/**
 * Provider too slow: 0x80041088, `WBEM_E_PROVIDER_TIMED_OUT`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderTimedOut extends ProviderTimedOutBase {}

const NoKeyBase: WbemErrorConstructor<"NoKey"> = /* @__PURE__ */ wbemError("NoKey", 0x80041089)
/**
 * Instance without a key: 0x80041089, `WBEM_E_NO_KEY`.
 *
 * @since 0.1.0
 * @category errors
 */
export class NoKey extends NoKeyBase<{ readonly className: string }> {}

const ProviderDisabledBase: WbemErrorConstructor<"ProviderDisabled"> = /* @__PURE__ */ wbemError(
  "ProviderDisabled",
  0x8004108a
)
/**
 * Provider unloaded: 0x8004108a, `WBEM_E_PROVIDER_DISABLED`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ProviderDisabled extends ProviderDisabledBase {}

const RegistrationTooBroadBase: WbemErrorConstructor<"RegistrationTooBroad"> = /* @__PURE__ */ wbemError(
  "RegistrationTooBroad",
  0x80042001
)
/**
 * Event registration too broad: 0x80042001, `wbemErrRegistrationTooBroad`.
 *
 * @since 0.1.0
 * @category errors
 */
export class RegistrationTooBroad extends RegistrationTooBroadBase {}

const RegistrationTooPreciseBase: WbemErrorConstructor<"RegistrationTooPrecise"> = /* @__PURE__ */ wbemError(
  "RegistrationTooPrecise",
  0x80042002
)
/**
 * Event query without WITHIN: 0x80042002, `wbemErrRegistrationTooPrecise`.
 *
 * @since 0.1.0
 * @category errors
 */
export class RegistrationTooPrecise extends RegistrationTooPreciseBase {}

const AuthzNotPrivilegedBase: WbemErrorConstructor<"AuthzNotPrivileged"> = /* @__PURE__ */ wbemError(
  "AuthzNotPrivileged",
  0x80042003
)
/**
 * Domain right missing for a subscription: 0x80042003, `WBEMESS_E_AUTHZ_NOT_PRIVILEGED`.
 *
 * @since 0.1.0
 * @category errors
 */
export class AuthzNotPrivileged extends AuthzNotPrivilegedBase {}

const TimedoutBase: WbemErrorConstructor<"Timedout"> = /* @__PURE__ */ wbemError("Timedout", 0x80043001)
/**
 * Scripting layer: timed out: 0x80043001, `wbemErrTimedout`.
 *
 * @since 0.1.0
 * @category errors
 */
export class Timedout extends TimedoutBase {}

const ResetToDefaultBase: WbemErrorConstructor<"ResetToDefault"> = /* @__PURE__ */ wbemError(
  "ResetToDefault",
  0x80043002
)
/**
 * Scripting layer: override removed, default restored: 0x80043002, `wbemErrResetToDefault`.
 *
 * @since 0.1.0
 * @category errors
 */
export class ResetToDefault extends ResetToDefaultBase {}

const UnlistedBase: WbemErrorConstructor<"Unlisted"> = /* @__PURE__ */ wbemError("Unlisted", 0)
/**
 * A number that a host or provider answered and that the table does not list. It passes through as it is (ER-4).
 *
 * @since 0.1.0
 * @category errors
 */
export class Unlisted extends UnlistedBase<{ readonly hresult: number }> {}

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
