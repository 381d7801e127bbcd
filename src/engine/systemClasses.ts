/**
 * The system classes that every namespace holds (`object-model` 12). They are one shared table: nobody may create, change or
 * delete them, so no namespace needs a copy.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as Lineage from "./Lineage.ts"
import * as Method from "../model/Method.ts"
import * as Property from "../model/Property.ts"
import type { CimValue } from "../model/WbemObject.ts"

/** `name:traits:members`, below its base; traits are `a`bstract and `s`ingleton, `*` marks a key, `=` a default. */
const text = `
__SystemClass:a
 __NAMESPACE::string Name*
 __thisNAMESPACE:s:uint8[] SECURITY_DESCRIPTOR
 __CIMOMIdentification:s:string SetupDateTime,string VersionCurrentlyRunning,string VersionUsedToCreateDB,string WorkingDirectory
 __Provider:a:string Name*
  __Win32Provider::string CLSID,string ClientLoadableCLSID,sint32 Concurrency,string DefaultMachineName,boolean Enabled,string HostingModel,sint32 ImpersonationLevel=0,sint32 InitializationReentrancy=0,datetime InitializationTimeoutInterval,boolean InitializeAsAdminFirst,datetime OperationTimeoutInterval,boolean PerLocaleInitialization=FALSE,boolean PerUserInitialization=FALSE,boolean Pure=TRUE,string SecurityDescriptor,boolean SupportsExplicitShutdown,boolean SupportsExtendedStatus,boolean SupportsQuotas,boolean SupportsSendStatus,boolean SupportsShutdown,boolean SupportsThrottling,datetime UnloadTimeout,uint32 Version
 __ProviderRegistration:a:ref;__Provider provider*
  __ObjectProviderRegistration:a:sint32 InteractionType=0,string[] QuerySupportLevels,boolean SupportsBatching,boolean SupportsDelete=FALSE,boolean SupportsEnumeration=FALSE,boolean SupportsGet=FALSE,boolean SupportsPut=FALSE,boolean SupportsTransactions
   __InstanceProviderRegistration
   __ClassProviderRegistration::datetime CacheRefreshInterval,boolean PerUserSchema,boolean ReSynchroniseOnNamespaceOpen,string[] ReferencedSetQueries,string[] ResultSetQueries,string[] UnsupportedQueries,uint32 Version
  __MethodProviderRegistration
  __PropertyProviderRegistration::boolean SupportsGet=FALSE,boolean SupportsPut=FALSE
  __EventProviderRegistration::string[] EventQueryList
  __EventConsumerProviderRegistration::string[] ConsumerClassNames
 __IndicationRelated:a
  __Event:a:uint8[] SECURITY_DESCRIPTOR,uint64 TIME_CREATED
   __ExtrinsicEvent
    __SystemEvent
     __EventDroppedEvent::object;__Event Event,ref;__EventConsumer IntendedConsumer
      __EventQueueOverflowEvent::uint32 CurrentQueueSize
      __ConsumerFailureEvent::uint32 ErrorCode,string ErrorDescription,object ErrorObject
   __ClassOperationEvent::object TargetClass
    __ClassCreationEvent
    __ClassDeletionEvent
    __ClassModificationEvent::object PreviousClass
   __InstanceOperationEvent::object TargetInstance
    __InstanceCreationEvent
    __InstanceDeletionEvent
    __InstanceModificationEvent::object PreviousInstance
    __MethodInvocationEvent::string Method,object;__PARAMETERS Parameters,boolean PreCall
   __NamespaceOperationEvent::object;__NAMESPACE TargetNamespace
    __NamespaceCreationEvent
    __NamespaceDeletionEvent
    __NamespaceModificationEvent::object;__NAMESPACE PreviousNamespace
   __TimerEvent::uint32 NumFirings,string TimerId
  __AggregateEvent::uint32 NumberOfEvents,object Representative
  __EventFilter::uint8[] CreatorSID={1 1 0 0 0 0 0 5 18 0 0 0},string EventAccess,string EventNamespace,string Name*,string Query,string QueryLanguage
  __EventConsumer:a:uint8[] CreatorSID,string MachineName,uint32 MaximumQueueSize
  __FilterToConsumerBinding::ref;__EventConsumer Consumer*,uint8[] CreatorSID,boolean DeliverSynchronously=FALSE,uint32 DeliveryQoS,ref;__EventFilter Filter*,boolean MaintainSecurityContext=FALSE,boolean SlowDownProviders=FALSE
  __EventGenerator:a
   __TimerInstruction:a:boolean SkipIfPassed=FALSE,string TimerId*
    __AbsoluteTimerInstruction::datetime EventDateTime
    __IntervalTimerInstruction::uint32 IntervalBetweenEvents
__SystemSecurity:s
__PARAMETERS:a
__NotifyStatus:a:uint32 StatusCode
 __ExtendedStatus::string Description,string Operation,string ParameterInfo,string ProviderName
__SecurityRelatedClass:a
 __Trustee::string Domain,string Name,uint8[] SID,uint32 SidLength,string SidString,uint64 TIME_CREATED
 __ACE::uint32 AccessMask,uint32 AceFlags,uint32 AceType,string GuidInheritedObjectType,string GuidObjectType,uint64 TIME_CREATED,object;__Trustee Trustee
 __SecurityDescriptor::uint32 ControlFlags,object;__ACE[] DACL,object;__Trustee Group,object;__Trustee Owner,object;__ACE[] SACL,uint64 TIME_CREATED
 __NTLMUser9X::string Authority,sint32 Flags,sint32 Mask,string Name,sint32 Type
`

/** The static methods of `__SystemSecurity`: name, then direction, type and name of its parameter. */
const securityMethods =
  "GetSD out uint8[] SD,SetSD in uint8[] SD,GetSecurityDescriptor out object:__SecurityDescriptor Descriptor,"
  + "SetSecurityDescriptor in object:__SecurityDescriptor Descriptor,GetCallerAccessRights out sint32 Rights,"
  + "Get9XUserList out object:__NTLMUser9X[] UserList,Set9XUserList in object:__NTLMUser9X[] UserList"

const constant = (written: string): CimValue =>
  written === "TRUE" || written === "FALSE"
    ? written === "TRUE"
    : written.startsWith("{")
    ? written.slice(1, -1).split(" ").map(Number)
    : Number(written)

const member = (written: string): readonly [string, Property.PropertySpec] => {
  const [, type, name, key, , value] = /^(\S+) (\w+)(\*?)(=(.*))?$/.exec(written)!
  const build = key === "*" ? Property.key : Property.make
  return [name!, build(type!.replace(";", ":"), value === undefined ? {} : { value: constant(value) })]
}

const parse = (line: string, superclass: string | undefined): ClassDefinition.ClassDefinition => {
  const [name = "", traits = "", members] = line.split(":")
  const properties = Object.fromEntries((members ?? "").split(",").filter((m) => m !== "").map(member))
  const methods = name !== "__SystemSecurity" ? {} : Object.fromEntries(
    securityMethods.split(",").map((written) => {
      const [method = "", direction, type = "", parameter = ""] = written.split(" ")
      const parameters = [{ name: parameter, type, direction: direction as "in" | "out" }]
      return [method, Method.make("uint32", parameters, { qualifiers: { Static: true } })]
    })
  )
  return ClassDefinition.make(name, properties, {
    superclass,
    methods,
    qualifiers: {
      ...(traits.includes("a") ? { abstract: true } : {}),
      ...(traits.includes("s") ? { singleton: true } : {})
    }
  })
}

const none: ReadonlyArray<string> = /* @__PURE__ */ Object.freeze([])

let made: ReadonlyMap<string, Lineage.Lineage> | undefined

/** Lineages of the system classes by folded name, made when first asked for. */
export const systemClasses = (): ReadonlyMap<string, Lineage.Lineage> => {
  if (made !== undefined) return made
  const lineages = new Map<string, Lineage.Lineage>()
  const above: Array<Lineage.Lineage> = []
  for (const line of text.trim().split("\n")) {
    const depth = line.search(/\S/)
    const parent = above[depth - 1]
    const lineage = Lineage.make(parse(line.trim(), parent?.name), parent)
    above[depth] = lineage
    lineages.set(lineage.folded, lineage)
  }
  return made = lineages
}

let below: ReadonlyMap<string, ReadonlyArray<string>> | undefined

/** Folded names of the system classes directly below a class, by its folded name. */
export const systemChildren = (folded: string): ReadonlyArray<string> => {
  if (!CimName.isSystemName(folded)) return none
  if (below === undefined) {
    const names = new Map<string, Array<string>>(Array.from(systemClasses().keys(), (name) => [name, []]))
    for (const { folded, parent } of systemClasses().values()) {
      if (parent !== undefined) names.get(parent.folded)!.push(folded)
    }
    below = names
  }
  return below.get(folded) ?? none
}
