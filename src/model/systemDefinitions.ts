/**
 * The definitions of the system classes (`object-model` 12), as one table: own members in the order of their declaration, qualifiers
 * with their flavours, and the namespaces that have the class.
 *
 * @internal
 */
import * as ClassDefinition from "./ClassDefinition.ts"
import * as Method from "./Method.ts"
import * as Property from "./Property.ts"
import * as Qualifier from "./Qualifier.ts"
import type { CimValue } from "./WbemObject.ts"

/**
 * One class a line, indented below its superclass: `Name/traits:type member member;type member`.
 *
 * Traits: `a` abstract, `A` abstract that reaches every class below, `s` singleton, `l` association, `r` in `root` only, `d` in
 * `root` and `root\default` only. Members: `*` is a key, `!` is `not_null`, `=` begins a default.
 */
const text = `
__SystemClass/a
 __NAMESPACE:string Name*
 __thisNAMESPACE/s:uint8[] SECURITY_DESCRIPTOR
 __Provider/a:string Name*
  __Win32Provider:string CLSID ClientLoadableCLSID DefaultMachineName;datetime UnloadTimeout;boolean InitializeAsAdminFirst;uint32 Version;sint32 ImpersonationLevel=0 InitializationReentrancy=0;boolean PerUserInitialization=FALSE PerLocaleInitialization=FALSE Pure=TRUE;string HostingModel;sint32 Concurrency;boolean SupportsSendStatus SupportsExplicitShutdown SupportsExtendedStatus SupportsThrottling;datetime OperationTimeoutInterval InitializationTimeoutInterval;boolean SupportsQuotas Enabled SupportsShutdown;string SecurityDescriptor
 __ProviderRegistration/a:ref|__Provider provider
  __ObjectProviderRegistration/a:boolean SupportsPut=FALSE SupportsGet=FALSE SupportsDelete=FALSE SupportsEnumeration=FALSE;string[] QuerySupportLevels;sint32 InteractionType=0;boolean SupportsBatching SupportsTransactions
   __InstanceProviderRegistration:ref|__Provider provider*
   __ClassProviderRegistration:ref|__Provider provider*;uint32 Version;string[] ResultSetQueries ReferencedSetQueries UnsupportedQueries;datetime CacheRefreshInterval;boolean PerUserSchema ReSynchroniseOnNamespaceOpen
  __MethodProviderRegistration:ref|__Provider provider*
  __PropertyProviderRegistration:ref|__Provider provider*;boolean SupportsPut=FALSE SupportsGet=FALSE
  __EventProviderRegistration:ref|__Provider provider*;string[] EventQueryList
  __EventConsumerProviderRegistration:ref|__Provider provider*;string[] ConsumerClassNames
 __IndicationRelated/a
  __Event/A:uint64 TIME_CREATED;uint8[] SECURITY_DESCRIPTOR
   __ExtrinsicEvent
    __SystemEvent
     __EventDroppedEvent:object|__Event Event;ref|__EventConsumer IntendedConsumer
      __EventQueueOverflowEvent:uint32 CurrentQueueSize
      __ConsumerFailureEvent:uint32 ErrorCode;string ErrorDescription;object|__ExtendedStatus ErrorObject
      __QOSFailureEvent:uint32 ErrorCode;string ErrorDescription
   __ClassOperationEvent:object TargetClass
    __ClassCreationEvent
    __ClassDeletionEvent
    __ClassModificationEvent:object PreviousClass
   __InstanceOperationEvent:object TargetInstance
    __InstanceCreationEvent
    __InstanceDeletionEvent
    __InstanceModificationEvent:object PreviousInstance
    __MethodInvocationEvent:string Method;boolean PreCall;object Parameters
   __NamespaceOperationEvent:object|__NAMESPACE TargetNamespace
    __NamespaceCreationEvent
    __NamespaceDeletionEvent
    __NamespaceModificationEvent:object|__NAMESPACE PreviousNamespace
   __TimerEvent:string TimerId;uint32 NumFirings
  __AggregateEvent:uint32 NumberOfEvents;object Representative
  __EventFilter:string Name*;uint8[] CreatorSID;string QueryLanguage Query EventNamespace EventAccess
  __EventConsumer/a:string MachineName;uint32 MaximumQueueSize;uint8[] CreatorSID
  __FilterToConsumerBinding/l:ref|__EventFilter Filter*;ref|__EventConsumer Consumer*;uint32 DeliveryQoS;boolean DeliverSynchronously!=FALSE MaintainSecurityContext=FALSE SlowDownProviders=FALSE;uint8[] CreatorSID
  __EventGenerator/a
   __TimerInstruction/a:string TimerId*;boolean SkipIfPassed=FALSE
    __AbsoluteTimerInstruction:datetime EventDateTime!
    __IntervalTimerInstruction:uint32 IntervalBetweenEvents!
  __TimerNextFiring:string TimerId*;sint64 NextEvent64BitTime!
 __CIMOMIdentification/ds:string SetupDateTime VersionCurrentlyRunning VersionUsedToCreateDB WorkingDirectory
 __ArbitratorConfiguration/rs:uint32 OutstandingTasksTotal OutstandingTasksPerUser TaskThreadsTotal TaskThreadsPerUser QuotaRetryCount QuotaRetryWaitInterval TotalUsers TotalCacheMemoryPerTask TotalCacheMemoryPerUser TotalCacheMemory TotalCacheDiskPerTask TotalCacheDiskPerUser TotalCacheDisk TemporarySubscriptionsPerUser PermanentSubscriptionsPerUser PollingInstructionsPerUser PollingMemoryPerUser TemporarySubscriptionsTotal PermanentSubscriptionsTotal PollingInstructionsTotal PollingMemoryTotal
 __CacheControl/ra
  __EventConsumerProviderCacheControl/rs:datetime ClearAfter
  __EventProviderCacheControl/rs:datetime ClearAfter
  __EventSinkCacheControl/rs:datetime ClearAfter
  __ObjectProviderCacheControl/rs:datetime ClearAfter
  __PropertyProviderCacheControl/rs:datetime ClearAfter
 __ListOfEventActiveNamespaces/r:string[] Namespaces
 __ProviderHostQuotaConfiguration/rs:uint32 ThreadsPerHost HandlesPerHost ProcessLimitAllHosts;uint64 MemoryPerHost MemoryAllHosts
__SystemSecurity/s
__PARAMETERS/a
__NotifyStatus/A:uint32 StatusCode
 __ExtendedStatus:string ProviderName Operation ParameterInfo Description
__SecurityRelatedClass/a
 __NTLMUser9X:string Name Authority=.;sint32 Flags Mask Type
 __Trustee/a:string Domain Name SidString;uint8[] SID;uint32 SidLength;uint64 TIME_CREATED
 __ACE/a:uint32 AccessMask AceFlags AceType;string GuidObjectType GuidInheritedObjectType;object|__Trustee Trustee;uint64 TIME_CREATED
 __SecurityDescriptor/a:uint32 ControlFlags;object|__ACE[] DACL SACL;object|__Trustee Owner Group;uint64 TIME_CREATED
`

/** The static methods of `__SystemSecurity`: name, then direction, type and name of its parameter. */
const securityMethods = "GetSD out uint8[] SD,Get9XUserList out object:__NTLMUser9X[] ul,SetSD in uint8[] SD,"
  + "Set9XUserList in object:__NTLMUser9X[] ul,GetCallerAccessRights out sint32 rights,"
  + "GetSecurityDescriptor out object:__SecurityDescriptor Descriptor,"
  + "SetSecurityDescriptor in object:__SecurityDescriptor Descriptor"

const toSubclass = Qualifier.Flavor.ToSubclass
const toBoth = toSubclass | Qualifier.Flavor.ToInstance
const fixed = Qualifier.keyFlavor

/** Qualifiers of single members: name, value, flavour. */
const qualified: Readonly<Record<string, readonly [name: string, value: Qualifier.QualifierValue, flavor: number]>> = {
  ImpersonationLevel: ["Values", ["None"], toSubclass],
  InitializationReentrancy: ["Values", ["CLSID", "Namespace", "COM Object"], toSubclass],
  HostingModel: ["Values", [], toSubclass],
  QuerySupportLevels: [
    "ValueMap",
    ["WQL:UnarySelect", "WQL:References", "WQL:Associators", "WQL:V1ProviderDefined"],
    toSubclass
  ],
  InteractionType: ["Values", ["Pull", "Push", "PushVerify"], toSubclass],
  CurrentQueueSize: ["units", "bytes", fixed],
  MaximumQueueSize: ["units", "bytes", fixed],
  IntervalBetweenEvents: ["units", "milliseconds", fixed],
  CreatorSID: ["read", true, fixed]
}

/** The SID of the local system account. */
const localSystem: CimValue = /* @__PURE__ */ Object.freeze([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])

const constant = (type: string, written: string | undefined): CimValue | undefined =>
  written === undefined || type === "string" ? written : type === "boolean" ? written === "TRUE" : Number(written)

const member = (type: string, written: string): readonly [string, Property.PropertySpec] => {
  const [, name = "", mark, value] = /^(\w+)([*!]?)(?:=(.*))?$/.exec(written)!
  const own = qualified[name]
  const qualifiers = [
    ...(mark === "!" ? [Qualifier.make("not_null", true, { flavor: fixed })] : []),
    ...(own === undefined ? [] : [Qualifier.make(own[0], own[1], { flavor: own[2], type: typeOf(own[1]) })]),
    ...(type === "datetime" && mark === "" ? [Qualifier.make("SUBTYPE", "interval", { flavor: toBoth })] : [])
  ]
  // A registration declares `provider` again to make it a key, and touches nothing else of it (CX-5).
  const inheritsDefault: Property.Options = name === "provider" && mark === "*" ? { inheritsDefault: true } : {}
  const options = { value: name === "CreatorSID" ? localSystem : constant(type, value), ...inheritsDefault, qualifiers }
  return [name, (mark === "*" ? Property.key : Property.make)(type.replace("|", ":"), options)]
}

const typeOf = (value: Qualifier.QualifierValue): Qualifier.QualifierType => value === true ? "boolean" : "string"

const members = (written: string): Readonly<Record<string, Property.PropertySpec>> =>
  Object.fromEntries(
    written.split(";").flatMap((group) => {
      const [type = "", ...names] = group.split(" ")
      return names.map((name) => member(type, name))
    })
  )

/** The qualifiers of a class by its traits; `singleton` and `association` have the flavours that the server adds. */
const classQualifiers = (traits: string): ReadonlyArray<Qualifier.Qualifier> => [
  ...(traits.includes("a") ? [Qualifier.make("abstract")] : []),
  ...(traits.includes("A") ? [Qualifier.make("abstract", true, { flavor: fixed })] : []),
  ...(traits.includes("s") ? [Qualifier.make("singleton", true, { flavor: fixed })] : []),
  ...(traits.includes("l") ? [Qualifier.make("Association", true, { flavor: fixed })] : [])
]

/** The namespaces that have a class: every one, `root` only, or `root` and `root\default`. */
export type NamespaceScope = "all" | "root" | "root and default"

const scopeOf = (traits: string): NamespaceScope =>
  traits.includes("r") ? "root" : traits.includes("d") ? "root and default" : "all"

/** Calls `make` for each system class, with the result for its superclass, and returns the results. */
export const systemDefinitions = <A extends { readonly name: string }>(
  make: (definition: ClassDefinition.ClassDefinition, parent: A | undefined, scope: NamespaceScope) => A
): ReadonlyArray<A> => {
  const above: Array<A> = []
  return text.match(/.+/g)!.map((line) => {
    const depth = line.search(/\S/)
    const parent = above[depth - 1]
    const [, name = "", traits = "", own = ""] = /^(\w+)\/?(\w*):?(.*)$/.exec(line.slice(depth))!
    const methods = name !== "__SystemSecurity" ? {} : Object.fromEntries(
      securityMethods.split(",").map((written) => {
        const [method = "", direction, type = "", parameter = ""] = written.split(" ")
        const parameters = [{ name: parameter, type, direction: direction as "in" | "out" }]
        return [method, Method.make("uint32", parameters, { qualifiers: { Static: true } })]
      })
    )
    const definition = ClassDefinition.make(name, members(own), {
      superclass: parent?.name,
      methods,
      qualifiers: classQualifiers(traits)
    })
    return above[depth] = make(definition, parent, scopeOf(traits))
  })
}
