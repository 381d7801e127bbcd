/**
 * effect-wmi: WMI's PutAsync as a typed Effect program. The modules are in the order of the picture in the README.
 *
 * @module
 */

// What is put
export * as CimDateTime from "./src/model/CimDateTime.ts"
export * as CimName from "./src/model/CimName.ts"
export * as CimType from "./src/model/CimType.ts"
export * as CimValue from "./src/model/CimValue.ts"
export * as ClassDefinition from "./src/model/ClassDefinition.ts"
export * as Instance from "./src/model/Instance.ts"
export * as Locale from "./src/model/Locale.ts"
export * as Method from "./src/model/Method.ts"
export * as Moniker from "./src/model/Moniker.ts"
export * as NamedValueSet from "./src/model/NamedValueSet.ts"
export * as ObjectPath from "./src/model/ObjectPath.ts"
export * as Property from "./src/model/Property.ts"
export * as Qualifier from "./src/model/Qualifier.ts"
export * as Rights from "./src/model/Rights.ts"
export * as SecurityDescriptor from "./src/model/SecurityDescriptor.ts"
export * as WbemObject from "./src/model/WbemObject.ts"

// The call and its results
export * as Change from "./src/protocol/Change.ts"
export * as DeleteRequest from "./src/protocol/DeleteRequest.ts"
export * as ExtendedStatus from "./src/protocol/ExtendedStatus.ts"
export * as GetRequest from "./src/protocol/GetRequest.ts"
export * as HResult from "./src/protocol/HResult.ts"
export * as PathText from "./src/protocol/PathText.ts"
export * as PutContext from "./src/protocol/PutContext.ts"
export * as PutFlags from "./src/protocol/PutFlags.ts"
export * as PutOutcome from "./src/protocol/PutOutcome.ts"
export * as PutReport from "./src/protocol/PutReport.ts"
export * as PutRequest from "./src/protocol/PutRequest.ts"
export * as SinkEvent from "./src/protocol/SinkEvent.ts"
export * as StatusError from "./src/protocol/StatusError.ts"
export * as WbemError from "./src/protocol/WbemError.ts"
export * as WbemEvent from "./src/protocol/WbemEvent.ts"

// The programs
export * as BulkPut from "./src/pipeline/BulkPut.ts"
export * as PutAsync from "./src/pipeline/PutAsync.ts"

// Stage 1
export * as FlagDecoder from "./src/pipeline/FlagDecoder.ts"

// Stage 2
export * as PutRules from "./src/engine/PutRules.ts"
export * as PutValidator from "./src/pipeline/PutValidator.ts"

// Stage 3
export * as EmulatedRepository from "./src/emulator/EmulatedRepository.ts"
export * as InstanceProvider from "./src/emulator/providers/InstanceProvider.ts"
export * as MemoryStore from "./src/emulator/MemoryStore.ts"
export * as NamespaceDump from "./src/emulator/NamespaceDump.ts"
export * as NamespaceStore from "./src/emulator/NamespaceStore.ts"
export * as Repository from "./src/pipeline/Repository.ts"
export * as StoreFailure from "./src/emulator/StoreFailure.ts"

// Stage 4
export * as PutSink from "./src/pipeline/PutSink.ts"

// Around the stages
export * as CallContext from "./src/pipeline/CallContext.ts"
export * as NamespaceEvents from "./src/pipeline/NamespaceEvents.ts"
export * as NamespaceEventStream from "./src/pipeline/NamespaceEventStream.ts"
export * as NamespaceReader from "./src/pipeline/NamespaceReader.ts"
export * as Planner from "./src/pipeline/Planner.ts"
export * as Telemetry from "./src/pipeline/Telemetry.ts"
export * as Wmi from "./src/Wmi.ts"

// States of namespaces
export * as Snapshot from "./src/engine/state/Snapshot.ts"
export * as SnapshotDiff from "./src/engine/state/SnapshotDiff.ts"

// MOF text
export * as Mof from "./src/mof/Mof.ts"
