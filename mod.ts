/**
 * effect-wmi: WMI's PutAsync as a typed Effect program. The modules are in the order of the picture in the README.
 *
 * The comments cite rules by their ids, such as `PA-2` or `class-update` 5. The rules are the pages of `docs/spec`, which are in the
 * package; `npx effect-wmi explain PA-2` prints one.
 *
 * @module
 */

// What is put
/** The 25 characters of a CIM datetime: checks, builds and converts timestamps and intervals. */
export * as CimDateTime from "./src/model/CimDateTime.ts"
/** Names of classes, properties, methods, qualifiers, namespaces and servers: compared without case. */
export * as CimName from "./src/model/CimName.ts"
/** The CIM types as one table: wire number, range, JavaScript form. */
export * as CimType from "./src/model/CimType.ts"
/** Values: whether a value fits a type, its stored form, equality. */
export * as CimValue from "./src/model/CimValue.ts"
/** Builds class definitions. */
export * as ClassDefinition from "./src/model/ClassDefinition.ts"
/** Builds instances and reads their values. */
export * as Instance from "./src/model/Instance.ts"
/** Locales as WMI writes them: `ms_409`, an LCID or a language tag. */
export * as Locale from "./src/model/Locale.ts"
/** Declared methods of a class and their builders. */
export * as Method from "./src/model/Method.ts"
/** Parses and formats display names of objects: `winmgmts:…`. */
export * as Moniker from "./src/model/Moniker.ts"
/** Ordered names with values, such as the context of a call. */
export * as NamedValueSet from "./src/model/NamedValueSet.ts"
/** Object paths, `\\server\root\cimv2:Class.Key="value"`: parse, format, bind to a class, compare. */
export * as ObjectPath from "./src/model/ObjectPath.ts"
/** Declared properties of a class and their builders. */
export * as Property from "./src/model/Property.ts"
/** Qualifiers: a name, a value and flavours. */
export * as Qualifier from "./src/model/Qualifier.ts"
/** Rights on a namespace, with the bits that WMI uses. */
export * as Rights from "./src/model/Rights.ts"
/** The security descriptor of a namespace: the rights of its callers. */
export * as SecurityDescriptor from "./src/model/SecurityDescriptor.ts"
/** The types of a class definition, an instance and their parts. */
export * as WbemObject from "./src/model/WbemObject.ts"

// The call and its results
/** Changes of a namespace: a decision makes them, a store writes them. */
export * as Change from "./src/protocol/Change.ts"
/** The request of a delete, with a parsed path. */
export * as DeleteRequest from "./src/protocol/DeleteRequest.ts"
/** The error object of a failed call, `__ExtendedStatus`; `SWbemLastError` of scripts. */
export * as ExtendedStatus from "./src/protocol/ExtendedStatus.ts"
/** The request of a read, with a parsed path. */
export * as GetRequest from "./src/protocol/GetRequest.ts"
/** The table of statuses: by number, by name, whether a retry may help. */
export * as HResult from "./src/protocol/HResult.ts"
/** The functions of `ObjectPath` that can fail, with `InvalidObjectPath` as their error. */
export * as PathText from "./src/protocol/PathText.ts"
/** The names of a context that WMI reads: the `__PUT_EXT…` names of a partial update. */
export * as PutContext from "./src/protocol/PutContext.ts"
/** The flag word of a put: constants, meanings, combinations that are accepted. */
export * as PutFlags from "./src/protocol/PutFlags.ts"
/** The outcome of one put of many, and counts over outcomes. */
export * as PutOutcome from "./src/protocol/PutOutcome.ts"
/** The report of a put that succeeded: path, disposition, deleted objects. */
export * as PutReport from "./src/protocol/PutReport.ts"
/** The request of a put: object, namespace, flags, modes, context. */
export * as PutRequest from "./src/protocol/PutRequest.ts"
/** The events of one put: `Progress`, `ObjectPut`, `Completed`. */
export * as SinkEvent from "./src/protocol/SinkEvent.ts"
/** The error of a number that a host or a provider returned. */
export * as StatusError from "./src/protocol/StatusError.ts"
/** The errors of a call. */
export * as WbemError from "./src/protocol/WbemError.ts"
/** Intrinsic events: creation, modification and deletion of objects. */
export * as WbemEvent from "./src/protocol/WbemEvent.ts"

// The programs
/** Puts a stream of requests: one transaction for each batch, one outcome for each request. */
export * as BulkPut from "./src/pipeline/BulkPut.ts"
/** Puts one object through the four stages; plans, submits and cancels a put. */
export * as PutAsync from "./src/pipeline/PutAsync.ts"

// Stage 1
/** Stage 1: a flag word becomes options. */
export * as FlagDecoder from "./src/pipeline/FlagDecoder.ts"

// Stage 2
/** The rules of a put over the state of its namespace, in the order of the specification. */
export * as PutRules from "./src/engine/PutRules.ts"
/** Stage 2: the checks of a request, and the rules that the put carries into the transaction. */
export * as PutValidator from "./src/pipeline/PutValidator.ts"

// Stage 3
/** Stage 3 as an emulator: the engine over any `NamespaceStore`. */
export * as EmulatedRepository from "./src/emulator/EmulatedRepository.ts"
/** Providers of dynamic classes, which keep the instances of these classes. */
export * as InstanceProvider from "./src/emulator/providers/InstanceProvider.ts"
/** A `NamespaceStore` in memory. */
export * as MemoryStore from "./src/emulator/MemoryStore.ts"
/** The content of every namespace as text that any store can load. */
export * as NamespaceDump from "./src/emulator/NamespaceDump.ts"
/** The storage interface of an emulated repository. */
export * as NamespaceStore from "./src/emulator/NamespaceStore.ts"
/** Stage 3: applies the rules to a put and stores it. */
export * as Repository from "./src/pipeline/Repository.ts"
/** The failure of a store: a database that cannot be opened, read or written. */
export * as StoreFailure from "./src/emulator/StoreFailure.ts"

// Stage 4
/** Stage 4: receives the events of a call. */
export * as PutSink from "./src/pipeline/PutSink.ts"

// Around the stages
/** The caller, locale, server and default namespace of a call. */
export * as CallContext from "./src/pipeline/CallContext.ts"
/** The events of the namespaces, published after the commit. */
export * as NamespaceEvents from "./src/pipeline/NamespaceEvents.ts"
/** The events of the namespaces as a queue and as a `Stream`. */
export * as NamespaceEventStream from "./src/pipeline/NamespaceEventStream.ts"
/** Reads whole namespaces and their states. */
export * as NamespaceReader from "./src/pipeline/NamespaceReader.ts"
/** The service that takes and replaces the state of every namespace. */
export * as NamespaceState from "./src/pipeline/NamespaceState.ts"
/** The dry run: the decision on a put without its commit. */
export * as Planner from "./src/pipeline/Planner.ts"
/** Spans, metrics and debug logs of the operations, and the caller's line on failures. */
export * as Telemetry from "./src/pipeline/Telemetry.ts"
/** Layers of the four stages that are ready to use, and the operations besides the put: get, delete, list, snapshot. */
export * as Wmi from "./src/Wmi.ts"

// States of namespaces
/** The state of all namespaces at one moment, as an immutable value. */
export * as Snapshot from "./src/engine/state/Snapshot.ts"
/** The changes that lead from one snapshot to another. */
export * as SnapshotDiff from "./src/engine/state/SnapshotDiff.ts"

// MOF text
/** Compiles MOF text into objects and put requests, and prints objects as MOF text. */
export * as Mof from "./src/mof/Mof.ts"
