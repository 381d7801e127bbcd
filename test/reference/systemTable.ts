/**
 * The system classes of `object-model` 12, copied from its table: a class a line, `name < base [class qualifiers]: own members`. `*` is a
 * key, `^` goes on taking the inherited default (CX-5); a word behind `#` stands for qualifiers of {@link marks}.
 */
import { classOf } from "../../src/model/effectValue.ts"
import * as CimType from "../../src/model/CimType.ts"
import * as Method from "../../src/model/Method.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue, MethodDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import type { ClassDefinition } from "./objects.ts"

const everywhere = `
__SystemClass [abstract]
__NAMESPACE < __SystemClass: string Name*
__thisNAMESPACE < __SystemClass [singleton]: uint8[] SECURITY_DESCRIPTOR
__SystemSecurity [singleton]
__PARAMETERS [abstract]
__Provider < __SystemClass [abstract]: string Name*
__Win32Provider < __Provider: string CLSID, string ClientLoadableCLSID, string DefaultMachineName, datetime UnloadTimeout #interval, boolean InitializeAsAdminFirst, uint32 Version, sint32 ImpersonationLevel=0 #none, sint32 InitializationReentrancy=0 #reentrancy, boolean PerUserInitialization=FALSE, boolean PerLocaleInitialization=FALSE, boolean Pure=TRUE, string HostingModel #empty, sint32 Concurrency, boolean SupportsSendStatus, boolean SupportsExplicitShutdown, boolean SupportsExtendedStatus, boolean SupportsThrottling, datetime OperationTimeoutInterval #interval, datetime InitializationTimeoutInterval #interval, boolean SupportsQuotas, boolean Enabled, boolean SupportsShutdown, string SecurityDescriptor
__ProviderRegistration < __SystemClass [abstract]: ref:__Provider provider
__ObjectProviderRegistration < __ProviderRegistration [abstract]: boolean SupportsPut=FALSE, boolean SupportsGet=FALSE, boolean SupportsDelete=FALSE, boolean SupportsEnumeration=FALSE, string[] QuerySupportLevels #levels, sint32 InteractionType=0 #pull, boolean SupportsBatching, boolean SupportsTransactions
__InstanceProviderRegistration < __ObjectProviderRegistration: ref:__Provider provider*^
__ClassProviderRegistration < __ObjectProviderRegistration: ref:__Provider provider*^, uint32 Version, string[] ResultSetQueries, string[] ReferencedSetQueries, string[] UnsupportedQueries, datetime CacheRefreshInterval #interval, boolean PerUserSchema, boolean ReSynchroniseOnNamespaceOpen
__MethodProviderRegistration < __ProviderRegistration: ref:__Provider provider*^
__PropertyProviderRegistration < __ProviderRegistration: ref:__Provider provider*^, boolean SupportsPut=FALSE, boolean SupportsGet=FALSE
__EventProviderRegistration < __ProviderRegistration: ref:__Provider provider*^, string[] EventQueryList
__EventConsumerProviderRegistration < __ProviderRegistration: ref:__Provider provider*^, string[] ConsumerClassNames
__IndicationRelated < __SystemClass [abstract]
__Event < __IndicationRelated [abstract:DIS]: uint64 TIME_CREATED, uint8[] SECURITY_DESCRIPTOR
__ExtrinsicEvent < __Event
__SystemEvent < __ExtrinsicEvent
__EventDroppedEvent < __SystemEvent: object:__Event Event, ref:__EventConsumer IntendedConsumer
__EventQueueOverflowEvent < __EventDroppedEvent: uint32 CurrentQueueSize #bytes
__ConsumerFailureEvent < __EventDroppedEvent: uint32 ErrorCode, string ErrorDescription, object:__ExtendedStatus ErrorObject
__QOSFailureEvent < __EventDroppedEvent: uint32 ErrorCode, string ErrorDescription
__ClassOperationEvent < __Event: object TargetClass
__ClassCreationEvent < __ClassOperationEvent
__ClassDeletionEvent < __ClassOperationEvent
__ClassModificationEvent < __ClassOperationEvent: object PreviousClass
__InstanceOperationEvent < __Event: object TargetInstance
__InstanceCreationEvent < __InstanceOperationEvent
__InstanceDeletionEvent < __InstanceOperationEvent
__InstanceModificationEvent < __InstanceOperationEvent: object PreviousInstance
__MethodInvocationEvent < __InstanceOperationEvent: string Method, boolean PreCall, object Parameters
__NamespaceOperationEvent < __Event: object:__NAMESPACE TargetNamespace
__NamespaceCreationEvent < __NamespaceOperationEvent
__NamespaceDeletionEvent < __NamespaceOperationEvent
__NamespaceModificationEvent < __NamespaceOperationEvent: object:__NAMESPACE PreviousNamespace
__TimerEvent < __Event: string TimerId, uint32 NumFirings
__AggregateEvent < __IndicationRelated: uint32 NumberOfEvents, object Representative
__EventFilter < __IndicationRelated: string Name*, uint8[] CreatorSID=SID #read, string QueryLanguage, string Query, string EventNamespace, string EventAccess
__EventConsumer < __IndicationRelated [abstract]: string MachineName, uint32 MaximumQueueSize #bytes, uint8[] CreatorSID=SID #read
__FilterToConsumerBinding < __IndicationRelated [Association]: ref:__EventFilter Filter*, ref:__EventConsumer Consumer*, uint32 DeliveryQoS, boolean DeliverSynchronously=FALSE #needed, boolean MaintainSecurityContext=FALSE, boolean SlowDownProviders=FALSE, uint8[] CreatorSID=SID #read
__EventGenerator < __IndicationRelated [abstract]
__TimerInstruction < __EventGenerator [abstract]: string TimerId*, boolean SkipIfPassed=FALSE
__AbsoluteTimerInstruction < __TimerInstruction: datetime EventDateTime #needed
__IntervalTimerInstruction < __TimerInstruction: uint32 IntervalBetweenEvents #needed #milliseconds
__TimerNextFiring < __IndicationRelated: string TimerId*, sint64 NextEvent64BitTime #needed
__NotifyStatus [abstract:DIS]: uint32 StatusCode
__ExtendedStatus < __NotifyStatus: string ProviderName, string Operation, string ParameterInfo, string Description
__SecurityRelatedClass [abstract]
__NTLMUser9X < __SecurityRelatedClass: string Name, string Authority=".", sint32 Flags, sint32 Mask, sint32 Type
__Trustee < __SecurityRelatedClass [abstract]: string Domain, string Name, string SidString, uint8[] SID, uint32 SidLength, uint64 TIME_CREATED
__ACE < __SecurityRelatedClass [abstract]: uint32 AccessMask, uint32 AceFlags, uint32 AceType, string GuidObjectType, string GuidInheritedObjectType, object:__Trustee Trustee, uint64 TIME_CREATED
__SecurityDescriptor < __SecurityRelatedClass [abstract]: uint32 ControlFlags, object:__ACE[] DACL, object:__ACE[] SACL, object:__Trustee Owner, object:__Trustee Group, uint64 TIME_CREATED
`

const identification = `
__CIMOMIdentification < __SystemClass [singleton]: string SetupDateTime, string VersionCurrentlyRunning, string VersionUsedToCreateDB, string WorkingDirectory
`

const rootOnly = `
__ArbitratorConfiguration < __SystemClass [singleton]: uint32 OutstandingTasksTotal, uint32 OutstandingTasksPerUser, uint32 TaskThreadsTotal, uint32 TaskThreadsPerUser, uint32 QuotaRetryCount, uint32 QuotaRetryWaitInterval, uint32 TotalUsers, uint32 TotalCacheMemoryPerTask, uint32 TotalCacheMemoryPerUser, uint32 TotalCacheMemory, uint32 TotalCacheDiskPerTask, uint32 TotalCacheDiskPerUser, uint32 TotalCacheDisk, uint32 TemporarySubscriptionsPerUser, uint32 PermanentSubscriptionsPerUser, uint32 PollingInstructionsPerUser, uint32 PollingMemoryPerUser, uint32 TemporarySubscriptionsTotal, uint32 PermanentSubscriptionsTotal, uint32 PollingInstructionsTotal, uint32 PollingMemoryTotal
__CacheControl < __SystemClass [abstract]
__EventConsumerProviderCacheControl < __CacheControl [singleton]: datetime ClearAfter #interval
__EventProviderCacheControl < __CacheControl [singleton]: datetime ClearAfter #interval
__EventSinkCacheControl < __CacheControl [singleton]: datetime ClearAfter #interval
__ObjectProviderCacheControl < __CacheControl [singleton]: datetime ClearAfter #interval
__PropertyProviderCacheControl < __CacheControl [singleton]: datetime ClearAfter #interval
__ListOfEventActiveNamespaces < __SystemClass: string[] Namespaces
__ProviderHostQuotaConfiguration < __SystemClass [singleton]: uint32 ThreadsPerHost, uint32 HandlesPerHost, uint32 ProcessLimitAllHosts, uint64 MemoryPerHost, uint64 MemoryAllHosts
`

const qualifier = (name: string, value: Qualifier.QualifierValue, flavor: number): Qualifier.Qualifier => ({
  ...Qualifier.make("x", value),
  name,
  flavor
})

const marks: Readonly<Record<string, Qualifier.Qualifier>> = {
  interval: qualifier("SUBTYPE", "interval", 0x03),
  none: qualifier("Values", ["None"], 0x02),
  reentrancy: qualifier("Values", ["CLSID", "Namespace", "COM Object"], 0x02),
  empty: qualifier("Values", [], 0x02),
  levels: qualifier(
    "ValueMap",
    ["WQL:UnarySelect", "WQL:References", "WQL:Associators", "WQL:V1ProviderDefined"],
    0x02
  ),
  pull: qualifier("Values", ["Pull", "Push", "PushVerify"], 0x02),
  bytes: qualifier("units", "bytes", 0x13),
  milliseconds: qualifier("units", "milliseconds", 0x13),
  read: qualifier("read", true, 0x13),
  needed: qualifier("not_null", true, 0x13)
}

const classMarks: Readonly<Record<string, Qualifier.Qualifier>> = {
  "abstract": qualifier("abstract", true, 0),
  "abstract:DIS": qualifier("abstract", true, 0x13),
  "singleton": qualifier("singleton", true, 0x13),
  "Association": qualifier("Association", true, 0x13)
}

const values: Readonly<Record<string, CimValue>> = {
  TRUE: true,
  FALSE: false,
  "0": 0,
  '"."': ".",
  SID: [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]
}

const property = (written: string): PropertyDefinition => {
  const [, type, name, key, inherits, value, marked] = /^(\S+) (\w+)(\*?)(\^?)(?:=(\S+))?((?: #\w+)*)$/.exec(written)!
  return {
    name: name!,
    ...CimType.parse(type!),
    value: value === undefined ? undefined : values[value],
    ...inherits === "^" ? { inheritsDefault: true } : {},
    qualifiers: [
      ...key === "*" ? [qualifier("key", true, 0x13)] : [],
      ...(marked ?? "").split(" #").slice(1).map((word) => marks[word]!)
    ]
  }
}

const security: ReadonlyArray<readonly [name: string, direction: "in" | "out", type: string, parameter: string]> = [
  ["GetSD", "out", "uint8[]", "SD"],
  ["Get9XUserList", "out", "object:__NTLMUser9X[]", "ul"],
  ["SetSD", "in", "uint8[]", "SD"],
  ["Set9XUserList", "in", "object:__NTLMUser9X[]", "ul"],
  ["GetCallerAccessRights", "out", "sint32", "rights"],
  ["GetSecurityDescriptor", "out", "object:__SecurityDescriptor", "Descriptor"],
  ["SetSecurityDescriptor", "in", "object:__SecurityDescriptor", "Descriptor"]
]

const methods: ReadonlyArray<MethodDefinition> = security.map(([name, direction, type, parameter]) =>
  Method.named(
    name,
    Method.make("uint32", [{ name: parameter, type, direction }], { qualifiers: [qualifier("Static", true, 0)] })
  )
)

const parse = (line: string): ClassDefinition => {
  const [, name, superclass, marked, members] = /^(\w+)(?: < (\w+))?(?: \[(\S+)\])?(?:: (.*))?$/.exec(line)!
  return classOf({
    name: name!,
    superclass,
    qualifiers: marked === undefined ? [] : [classMarks[marked]!],
    properties: (members ?? "").split(", ").filter((one) => one !== "").map(property),
    methods: name === "__SystemSecurity" ? methods : []
  })
}

const parsed = (table: string): ReadonlyArray<ClassDefinition> => table.trim().split("\n").map(parse)

const common = parsed(everywhere)
const inDefault = [...common, ...parsed(identification)]
const inRoot = [...inDefault, ...parsed(rootOnly)]

export const allSystemClasses: ReadonlyArray<ClassDefinition> = inRoot

/** The system classes of a namespace. */
export const systemClassesOf = (namespace: string): ReadonlyArray<ClassDefinition> =>
  /^root$/i.test(namespace) ? inRoot : /^root\\default$/i.test(namespace) ? inDefault : common

/** Singletons whose instance exists from the start; `root` has an instance of each of its singletons. */
export const startSingletonsOf = (namespace: string): ReadonlyArray<string> =>
  systemClassesOf(namespace).filter((c) => c.qualifiers.some((q) => q.name === "singleton")).map((c) => c.name)
