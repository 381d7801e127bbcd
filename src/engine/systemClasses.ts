/**
 * The system classes that every namespace holds (`object-model` 12). They are one shared table: nobody may create, change or
 * delete them, so no namespace needs a copy.
 *
 * @internal
 */
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as CimName from "../model/CimName.ts"
import * as Lineage from "./Lineage.ts"
import * as Method from "../model/Method.ts"
import * as Property from "../model/Property.ts"
import type { CimValue } from "../model/WbemObject.ts"

/** `name:base:traits:members`; traits are `a`bstract and `s`ingleton, `*` marks a key, `=` a default. */
const text = `
__SystemClass::a
__NAMESPACE:__SystemClass::string Name*
__thisNAMESPACE:__SystemClass:s:uint8[] SECURITY_DESCRIPTOR
__CIMOMIdentification:__SystemClass:s:string SetupDateTime,string VersionCurrentlyRunning,string VersionUsedToCreateDB,string WorkingDirectory
__SystemSecurity::s
__PARAMETERS::a
__Provider:__SystemClass:a:string Name*
__Win32Provider:__Provider::string CLSID,string ClientLoadableCLSID,sint32 Concurrency,string DefaultMachineName,boolean Enabled,string HostingModel,sint32 ImpersonationLevel=0,sint32 InitializationReentrancy=0,datetime InitializationTimeoutInterval,boolean InitializeAsAdminFirst,datetime OperationTimeoutInterval,boolean PerLocaleInitialization=FALSE,boolean PerUserInitialization=FALSE,boolean Pure=TRUE,string SecurityDescriptor,boolean SupportsExplicitShutdown,boolean SupportsExtendedStatus,boolean SupportsQuotas,boolean SupportsSendStatus,boolean SupportsShutdown,boolean SupportsThrottling,datetime UnloadTimeout,uint32 Version
__ProviderRegistration:__SystemClass:a:ref;__Provider provider*
__ObjectProviderRegistration:__ProviderRegistration:a:sint32 InteractionType=0,string[] QuerySupportLevels,boolean SupportsBatching,boolean SupportsDelete=FALSE,boolean SupportsEnumeration=FALSE,boolean SupportsGet=FALSE,boolean SupportsPut=FALSE,boolean SupportsTransactions
__InstanceProviderRegistration:__ObjectProviderRegistration
__ClassProviderRegistration:__ObjectProviderRegistration::datetime CacheRefreshInterval,boolean PerUserSchema,boolean ReSynchroniseOnNamespaceOpen,string[] ReferencedSetQueries,string[] ResultSetQueries,string[] UnsupportedQueries,uint32 Version
__MethodProviderRegistration:__ProviderRegistration
__PropertyProviderRegistration:__ProviderRegistration::boolean SupportsGet=FALSE,boolean SupportsPut=FALSE
__EventProviderRegistration:__ProviderRegistration::string[] EventQueryList
__EventConsumerProviderRegistration:__ProviderRegistration::string[] ConsumerClassNames
__IndicationRelated:__SystemClass:a
__Event:__IndicationRelated:a:uint8[] SECURITY_DESCRIPTOR,uint64 TIME_CREATED
__ExtrinsicEvent:__Event
__SystemEvent:__ExtrinsicEvent
__EventDroppedEvent:__SystemEvent::object;__Event Event,ref;__EventConsumer IntendedConsumer
__EventQueueOverflowEvent:__EventDroppedEvent::uint32 CurrentQueueSize
__ConsumerFailureEvent:__EventDroppedEvent::uint32 ErrorCode,string ErrorDescription,object ErrorObject
__ClassOperationEvent:__Event::object TargetClass
__ClassCreationEvent:__ClassOperationEvent
__ClassDeletionEvent:__ClassOperationEvent
__ClassModificationEvent:__ClassOperationEvent::object PreviousClass
__InstanceOperationEvent:__Event::object TargetInstance
__InstanceCreationEvent:__InstanceOperationEvent
__InstanceDeletionEvent:__InstanceOperationEvent
__InstanceModificationEvent:__InstanceOperationEvent::object PreviousInstance
__NamespaceOperationEvent:__Event::object;__NAMESPACE TargetNamespace
__NamespaceCreationEvent:__NamespaceOperationEvent
__NamespaceDeletionEvent:__NamespaceOperationEvent
__NamespaceModificationEvent:__NamespaceOperationEvent::object;__NAMESPACE PreviousNamespace
__MethodInvocationEvent:__InstanceOperationEvent::string Method,object;__PARAMETERS Parameters,boolean PreCall
__TimerEvent:__Event::uint32 NumFirings,string TimerId
__AggregateEvent:__IndicationRelated::uint32 NumberOfEvents,object Representative
__EventFilter:__IndicationRelated::uint8[] CreatorSID={1 1 0 0 0 0 0 5 18 0 0 0},string EventAccess,string EventNamespace,string Name*,string Query,string QueryLanguage
__EventConsumer:__IndicationRelated:a:uint8[] CreatorSID,string MachineName,uint32 MaximumQueueSize
__FilterToConsumerBinding:__IndicationRelated::ref;__EventConsumer Consumer*,uint8[] CreatorSID,boolean DeliverSynchronously=FALSE,uint32 DeliveryQoS,ref;__EventFilter Filter*,boolean MaintainSecurityContext=FALSE,boolean SlowDownProviders=FALSE
__EventGenerator:__IndicationRelated:a
__TimerInstruction:__EventGenerator:a:boolean SkipIfPassed=FALSE,string TimerId*
__AbsoluteTimerInstruction:__TimerInstruction::datetime EventDateTime
__IntervalTimerInstruction:__TimerInstruction::uint32 IntervalBetweenEvents
__NotifyStatus::a:uint32 StatusCode
__ExtendedStatus:__NotifyStatus::string Description,string Operation,string ParameterInfo,string ProviderName
__SecurityRelatedClass::a
__Trustee:__SecurityRelatedClass::string Domain,string Name,uint8[] SID,uint32 SidLength,string SidString,uint64 TIME_CREATED
__ACE:__SecurityRelatedClass::uint32 AccessMask,uint32 AceFlags,uint32 AceType,string GuidInheritedObjectType,string GuidObjectType,uint64 TIME_CREATED,object;__Trustee Trustee
__SecurityDescriptor:__SecurityRelatedClass::uint32 ControlFlags,object;__ACE[] DACL,object;__Trustee Group,object;__Trustee Owner,object;__ACE[] SACL,uint64 TIME_CREATED
__NTLMUser9X:__SecurityRelatedClass::string Authority,sint32 Flags,sint32 Mask,string Name,sint32 Type
`

/** The static methods of `__SystemSecurity`: name, direction, type and name of the parameter. */
const securityMethods: ReadonlyArray<readonly [string, "in" | "out", string, string]> = [
  ["GetSD", "out", "uint8[]", "SD"],
  ["SetSD", "in", "uint8[]", "SD"],
  ["GetSecurityDescriptor", "out", "object:__SecurityDescriptor", "Descriptor"],
  ["SetSecurityDescriptor", "in", "object:__SecurityDescriptor", "Descriptor"],
  ["GetCallerAccessRights", "out", "sint32", "Rights"],
  ["Get9XUserList", "out", "object:__NTLMUser9X[]", "UserList"],
  ["Set9XUserList", "in", "object:__NTLMUser9X[]", "UserList"]
]

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

const parse = (line: string): ClassDefinition.ClassDefinition => {
  const [name = "", base, traits = "", members] = line.split(":")
  const properties = Object.fromEntries((members ?? "").split(",").filter((m) => m !== "").map(member))
  const methods = name !== "__SystemSecurity" ? {} : Object.fromEntries(
    securityMethods.map(([method, direction, type, parameter]) => [
      method,
      Method.make("uint32", [{ name: parameter, type, direction }], { qualifiers: { Static: true } })
    ])
  )
  return ClassDefinition.make(name, properties, {
    superclass: base === "" ? undefined : base,
    methods,
    qualifiers: {
      ...(traits.includes("a") ? { abstract: true } : {}),
      ...(traits.includes("s") ? { singleton: true } : {})
    }
  })
}

let made: ReadonlyMap<string, Lineage.Lineage> | undefined

/** Lineages of the system classes by folded name, made when first asked for. */
export const systemClasses = (): ReadonlyMap<string, Lineage.Lineage> => {
  if (made !== undefined) return made
  const lineages = new Map<string, Lineage.Lineage>()
  for (const line of text.trim().split("\n")) {
    const definition = parse(line)
    const parent = definition.superclass === undefined ? undefined : lineages.get(CimName.fold(definition.superclass))
    lineages.set(CimName.fold(definition.name), Lineage.make(definition, parent))
  }
  return made = lineages
}
