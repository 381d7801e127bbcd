/**
 * The named unions of errors: for each verb what this library decides, in nested groups of two to four.
 *
 * `npm run statuses` writes the types of `WbemError` from this table, and `StatusError.narrow` reads it, so the types and the sets that a
 * program compares with cannot differ. Every union of a verb has `WbemOther`, for what a host or a provider may answer besides.
 *
 * The nesting is for declaration files. `Effect.catchTag` removes one error of a union. The compiler then writes the groups that still
 * are whole by their names, and the others by their members: a catch in a group of three writes two names at each level.
 *
 *     PutError = CallError | ObjectError | WbemOther
 *                 │           ├ IdentityError: NotFound, InvalidClass, AlreadyExists
 *                 │           ├ InstanceError: values, properties, the object
 *                 │           └ ClassError: definition, update, objects that use the class
 *                 ├ RequestError: arguments of the call
 *                 └ ServiceError
 *                    ├ AccessError: rights and namespace, connection
 *                    └ OperationError: unfinished, failed, provider
 *
 * @internal
 */

/** One row of {@link unions}. */
export interface UnionSource {
  readonly name: string
  readonly meaning: string
  /** Statuses with a class of their own, `"WbemOther"`, and names of other rows. */
  readonly members: ReadonlyArray<string>
}

/** Every named union. A row stands below the rows that it names. */
export const unions: ReadonlyArray<UnionSource> = [
  {
    name: "RequestError",
    meaning: "An argument of the call is not valid",
    members: ["InvalidParameter", "InvalidContext", "QuotaViolation"]
  },
  {
    name: "AdmissionError",
    meaning: "The caller lacks a right, or the namespace does not exist",
    members: ["AccessDenied", "InvalidNamespace"]
  },
  {
    name: "ConnectionError",
    meaning: "The repository cannot be reached",
    members: ["TransportFailure", "ConnectionFailed", "ShuttingDown"]
  },
  {
    name: "AccessError",
    meaning: "The call does not reach the namespace",
    members: ["AdmissionError", "ConnectionError"]
  },
  {
    name: "StartError",
    meaning: "The errors that can refuse the call itself, before the sink is used (`put-async` 3)",
    members: ["RequestError", "AccessError"]
  },
  {
    name: "UnfinishedError",
    meaning: "The call ended before its operation",
    members: ["Timeout", "CallCancelled"]
  },
  {
    name: "FaultError",
    meaning: "The repository broke",
    members: ["Failed", "OutOfMemory"]
  },
  {
    name: "HostError",
    meaning: "The host does not support the call",
    members: ["NotSupported", "LocalCredentials"]
  },
  {
    name: "RepositoryError",
    meaning: "The repository could not do the operation",
    members: ["FaultError", "HostError"]
  },
  {
    name: "MissingProviderError",
    meaning: "The provider of a class is not registered, or cannot be loaded",
    members: ["ProviderNotFound", "ProviderLoadFailure"]
  },
  {
    name: "BrokenProviderError",
    meaning: "The provider of a class cannot do the operation, or broke",
    members: ["ProviderNotCapable", "ProviderFailure"]
  },
  {
    name: "ProviderError",
    meaning: "The provider of a class is missing or broken",
    members: ["MissingProviderError", "BrokenProviderError"]
  },
  {
    name: "OperationError",
    meaning: "The operation failed for a reason outside the request and the stored objects",
    members: ["UnfinishedError", "RepositoryError", "ProviderError"]
  },
  {
    name: "ServiceError",
    meaning: "What any verb can fail with: access, and failures of the repository or a provider",
    members: ["AccessError", "OperationError"]
  },
  {
    name: "CallError",
    meaning: "Every failure of a put that is not about its object",
    members: ["RequestError", "ServiceError"]
  },
  {
    name: "AbsenceError",
    meaning: "The object, or its class, does not exist",
    members: ["NotFound", "InvalidClass"]
  },
  {
    name: "IdentityError",
    meaning: "The object is absent, or present, against the request",
    members: ["AbsenceError", "AlreadyExists"]
  },
  {
    name: "ValueError",
    meaning: "The value of a property does not fit its type",
    members: ["TypeMismatch", "ValueOutOfRange", "IllegalNull"]
  },
  {
    name: "PropertyError",
    meaning: "A property or qualifier of an instance does not fit the class",
    members: ["InvalidProperty", "OverrideNotAllowed"]
  },
  {
    name: "LocaleError",
    meaning: "A locale is not valid, or there is none of that name",
    members: ["InvalidLocale", "UnsupportedLocale"]
  },
  {
    name: "AmendmentError",
    meaning: "An object with localised text cannot be stored",
    members: ["AmendedObject", "LocaleError"]
  },
  {
    name: "InstanceShapeError",
    meaning: "The object cannot be stored as it is",
    members: ["InvalidObject", "NoKey", "AmendmentError"]
  },
  {
    name: "InstanceError",
    meaning: "The object does not fit its class",
    members: ["ValueError", "PropertyError", "InstanceShapeError"]
  },
  {
    name: "ClassInUseError",
    meaning: "Stored objects depend on the class",
    members: ["ClassHasInstances", "ClassHasChildren"]
  },
  {
    name: "InheritanceError",
    meaning: "Subclasses use a key or index that the update changes",
    members: ["CannotChangeKeyInheritance", "CannotChangeIndexInheritance"]
  },
  {
    name: "OverrideError",
    meaning: "A class and its subclass declare a member in conflict",
    members: ["UpdateTypeMismatch", "UpdateOverrideNotAllowed", "UpdatePropagatedMethod"]
  },
  {
    name: "ClassUpdateError",
    meaning: "The new definition conflicts with a subclass or superclass",
    members: ["InheritanceError", "OverrideError"]
  },
  {
    name: "SuperclassError",
    meaning: "The superclass is not valid",
    members: ["InvalidSuperclass", "CircularReference"]
  },
  {
    name: "ClassHeaderError",
    meaning: "The class as a whole is not valid",
    members: ["IncompleteClass", "InvalidOperation", "SuperclassError"]
  },
  {
    name: "ClassKindError",
    meaning: "The class cannot be abstract, or a singleton",
    members: ["CannotBeAbstract", "CannotBeSingleton"]
  },
  {
    name: "PropertyDefinitionError",
    meaning: "A property of the class is not valid",
    members: ["InvalidCimType", "CannotBeKey", "TooManyProperties"]
  },
  {
    name: "QualifierError",
    meaning: "A qualifier of the class is not valid",
    members: ["InvalidQualifier", "InvalidQualifierType"]
  },
  {
    name: "NameLengthError",
    meaning: "A name in the class is too long",
    members: ["PropertyNameTooWide", "MethodNameTooWide", "QualifierNameTooWide"]
  },
  {
    name: "ParameterError",
    meaning: "A parameter of a method is not valid",
    members: ["MissingParameter", "InvalidDuplicateParameter"]
  },
  {
    name: "ParameterIdError",
    meaning: "An ID of a parameter of a method is not valid",
    members: ["InvalidParameterId", "NonConsecutiveParameterIds", "ParameterIdOnRetval"]
  },
  {
    name: "MethodError",
    meaning: "A method of the class is not valid",
    members: ["ParameterError", "ParameterIdError"]
  },
  {
    name: "ClassShapeError",
    meaning: "The class, or its superclass, is not valid as a whole",
    members: ["ClassHeaderError", "ClassKindError"]
  },
  {
    name: "DeclarationError",
    meaning: "A property, a qualifier or a name of the class is not valid",
    members: ["PropertyDefinitionError", "QualifierError", "NameLengthError"]
  },
  {
    name: "MemberError",
    meaning: "A member of the class is not valid",
    members: ["DeclarationError", "MethodError"]
  },
  {
    name: "ClassDefinitionError",
    meaning: "The definition of a class is not valid",
    members: ["ClassShapeError", "MemberError"]
  },
  {
    name: "ClassError",
    meaning: "The class cannot be stored",
    members: ["ClassInUseError", "ClassUpdateError", "ClassDefinitionError"]
  },
  {
    name: "ObjectError",
    meaning: "Every failure of a put that is about its object",
    members: ["IdentityError", "InstanceError", "ClassError"]
  },
  {
    name: "PutError",
    meaning: "What a put, its plan and each outcome of a bulk put can fail with",
    members: ["CallError", "ObjectError", "WbemOther"]
  },
  {
    name: "PathError",
    meaning: "An object path is malformed, or names no object",
    members: ["InvalidObjectPath", "NoKey"]
  },
  {
    name: "ReadRequestError",
    meaning: "An argument of a read is not valid",
    members: ["InvalidParameter", "LocaleError", "PathError"]
  },
  {
    name: "GetError",
    meaning: "What a read of one object can fail with",
    members: ["AbsenceError", "ReadRequestError", "ServiceError", "WbemOther"]
  },
  {
    name: "ListRequestError",
    meaning: "An argument of a list is not valid, or the class does not exist",
    members: ["InvalidClass", "InvalidParameter", "LocaleError"]
  },
  {
    name: "ListError",
    meaning: "What a list of classes or instances can fail with",
    members: ["ListRequestError", "ServiceError", "WbemOther"]
  },
  {
    name: "DeleteRequestError",
    meaning: "An argument of a delete is not valid, or the object must stay",
    members: ["InvalidParameter", "InvalidOperation", "PathError"]
  },
  {
    name: "DeleteError",
    meaning: "What a delete can fail with",
    members: ["AbsenceError", "DeleteRequestError", "ServiceError", "WbemOther"]
  },
  {
    name: "StoreError",
    meaning: "What a store can fail with: a snapshot, its restore, and every read and write of an emulated repository",
    members: ["ConnectionError", "UnfinishedError", "FaultError", "StoreOther"]
  }
]
