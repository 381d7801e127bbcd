/**
 * The errors beside those of WMI that an administrator meets when a WMI call fails: Win32 errors and HRESULTs of COM. The names, numbers and
 * texts are Microsoft's (System Error Codes, [MS-ERREF]); the advice is for a call to WMI.
 *
 * @internal
 */

/** One error. */
export interface WindowsError {
  /** The Win32 error from 0 to 65535, or the unsigned HRESULT of COM. */
  readonly number: number
  readonly name: string
  readonly meaning: string
  /** What to look at. */
  readonly advice?: string | undefined
}

const network = "check the name, DNS and the firewall: WMI needs TCP 135 and the dynamic RPC ports "
  + "(the rule group Windows Management Instrumentation)"
const rights = "the account needs remote launch and activation in DCOM (dcomcnfg) and Remote Enable on the namespace "
  + "(wmimgmt.msc); on the computer itself run elevated"
const logon =
  "check the user (DOMAIN\\user or COMPUTER\\user) and the password; WMI takes no credentials for the own computer"
const provider = "the DLL of the provider is missing or does not fit; register or reinstall the product that brings it"
const memory = "look at the memory of WmiPrvSE.exe and at __ProviderHostQuotaConfiguration in the namespace root"
const service = "start the service Winmgmt (Windows Management Instrumentation), and RpcSs, on which it depends"

type Row = readonly [number: number, name: string, meaning: string, advice?: string]

/** Win32 errors. As an HRESULT each is 0x80070000 plus its number. */
const win32: ReadonlyArray<Row> = [
  [2, "ERROR_FILE_NOT_FOUND", "the system cannot find the file specified", provider],
  [3, "ERROR_PATH_NOT_FOUND", "the system cannot find the path specified"],
  [5, "ERROR_ACCESS_DENIED", "access is denied", rights],
  [6, "ERROR_INVALID_HANDLE", "the handle is invalid"],
  [8, "ERROR_NOT_ENOUGH_MEMORY", "not enough memory resources are available", memory],
  [
    13,
    "ERROR_INVALID_DATA",
    "the data is invalid",
    "for performance classes rebuild the counters: lodctr /R, then winmgmt /resyncperf"
  ],
  [14, "ERROR_OUTOFMEMORY", "not enough memory resources are available (E_OUTOFMEMORY)", memory],
  [31, "ERROR_GEN_FAILURE", "a device attached to the system is not functioning"],
  [32, "ERROR_SHARING_VIOLATION", "the file is in use by another process"],
  [50, "ERROR_NOT_SUPPORTED", "the request is not supported"],
  [53, "ERROR_BAD_NETPATH", "the network path was not found", network],
  [64, "ERROR_NETNAME_DELETED", "the specified network name is no longer available", network],
  [86, "ERROR_INVALID_PASSWORD", "the specified network password is not correct", logon],
  [
    87,
    "ERROR_INVALID_PARAMETER",
    "the parameter is incorrect (E_INVALIDARG)",
    "check the flag word, the types of values and the names of parameters"
  ],
  [109, "ERROR_BROKEN_PIPE", "the pipe has been ended", "the process at the other end has ended"],
  [112, "ERROR_DISK_FULL", "there is not enough space on the disk"],
  [121, "ERROR_SEM_TIMEOUT", "the semaphore timeout period has expired", network],
  [122, "ERROR_INSUFFICIENT_BUFFER", "the data area passed to a system call is too small"],
  [126, "ERROR_MOD_NOT_FOUND", "the specified module could not be found", provider],
  [127, "ERROR_PROC_NOT_FOUND", "the specified procedure could not be found", provider],
  [183, "ERROR_ALREADY_EXISTS", "cannot create a file when that file already exists"],
  [
    193,
    "ERROR_BAD_EXE_FORMAT",
    "the file is not a valid Win32 application",
    "a 32-bit provider in a 64-bit host, or the reverse"
  ],
  [234, "ERROR_MORE_DATA", "more data is available"],
  [259, "ERROR_NO_MORE_ITEMS", "no more data is available"],
  [995, "ERROR_OPERATION_ABORTED", "the operation was aborted by a thread exit or an application request"],
  [
    1053,
    "ERROR_SERVICE_REQUEST_TIMEOUT",
    "the service did not respond to the start or control request in time",
    service
  ],
  [
    1058,
    "ERROR_SERVICE_DISABLED",
    "the service cannot be started, because it is disabled",
    "set the start type of Winmgmt to automatic: sc config winmgmt start= auto"
  ],
  [1060, "ERROR_SERVICE_DOES_NOT_EXIST", "the specified service does not exist as an installed service"],
  [1062, "ERROR_SERVICE_NOT_ACTIVE", "the service has not been started", service],
  [1068, "ERROR_SERVICE_DEPENDENCY_FAIL", "the dependency service or group failed to start", service],
  [1115, "ERROR_SHUTDOWN_IN_PROGRESS", "a system shutdown is in progress"],
  [
    1219,
    "ERROR_SESSION_CREDENTIAL_CONFLICT",
    "several connections to one server with more than one user name are not allowed"
  ],
  [
    1311,
    "ERROR_NO_LOGON_SERVERS",
    "no logon servers are available to service the logon request",
    "check DNS and the way to a domain controller"
  ],
  [
    1314,
    "ERROR_PRIVILEGE_NOT_HELD",
    "a required privilege is not held by the client",
    "enable it in the moniker, {impersonationLevel=impersonate,(Security)}, and run elevated"
  ],
  [1326, "ERROR_LOGON_FAILURE", "the user name or password is incorrect", logon],
  [
    1327,
    "ERROR_ACCOUNT_RESTRICTION",
    "account restrictions prevent the logon",
    "blank passwords and logon hours are such restrictions"
  ],
  [1330, "ERROR_PASSWORD_EXPIRED", "the password for this account has expired", logon],
  [1331, "ERROR_ACCOUNT_DISABLED", "this account is disabled"],
  [
    1355,
    "ERROR_NO_SUCH_DOMAIN",
    "the specified domain does not exist or cannot be contacted",
    "check DNS and the way to a domain controller"
  ],
  [
    1385,
    "ERROR_LOGON_TYPE_NOT_GRANTED",
    "the user has not the requested logon type at this computer",
    "grant access from the network in the local security policy"
  ],
  [
    1396,
    "ERROR_WRONG_TARGET_NAME",
    "the target account name is incorrect",
    "connect by the name that the computer has in the directory, not by an alias or address"
  ],
  [1450, "ERROR_NO_SYSTEM_RESOURCES", "insufficient system resources exist to complete the requested service", memory],
  [1460, "ERROR_TIMEOUT", "the operation returned because the timeout period expired", network],
  [1702, "RPC_S_INVALID_BINDING", "the binding handle is invalid"],
  [1717, "RPC_S_UNKNOWN_IF", "the interface is unknown", service],
  [1722, "RPC_S_SERVER_UNAVAILABLE", "the RPC server is unavailable", network],
  [1723, "RPC_S_SERVER_TOO_BUSY", "the RPC server is too busy to complete this operation"],
  [
    1726,
    "RPC_S_CALL_FAILED",
    "the remote procedure call failed",
    "the host of the provider ended during the call: look for WmiPrvSE.exe in the application log"
  ],
  [1727, "RPC_S_CALL_FAILED_DNE", "the remote procedure call failed and did not execute", network],
  [1753, "EPT_S_NOT_REGISTERED", "there are no more endpoints available from the endpoint mapper", service],
  [1818, "RPC_S_CALL_CANCELLED", "the remote procedure call was cancelled"],
  [
    1825,
    "RPC_S_SEC_PKG_ERROR",
    "a security package specific error occurred",
    "check the clocks and the authentication level; a server may demand packet integrity or privacy"
  ],
  [
    1908,
    "ERROR_DOMAIN_CONTROLLER_NOT_FOUND",
    "could not find the domain controller for this domain",
    "check DNS and the way to a domain controller"
  ],
  [1909, "ERROR_ACCOUNT_LOCKED_OUT", "the referenced account is currently locked out"]
]

/** HRESULTs of COM and of the security packages. */
const com: ReadonlyArray<Row> = [
  [0x80004001, "E_NOTIMPL", "not implemented"],
  [0x80004002, "E_NOINTERFACE", "no such interface supported", "the proxy of the interface is not registered"],
  [0x80004003, "E_POINTER", "invalid pointer"],
  [
    0x80004005,
    "E_FAIL",
    "unspecified error",
    "the provider says no more; look at the log Microsoft-Windows-WMI-Activity/Operational"
  ],
  [0x8000ffff, "E_UNEXPECTED", "catastrophic failure", "look at the log Microsoft-Windows-WMI-Activity/Operational"],
  [
    0x80010105,
    "RPC_E_SERVERFAULT",
    "the server threw an exception",
    "the provider failed; look for WmiPrvSE.exe in the application log"
  ],
  [0x80010106, "RPC_E_CHANGED_MODE", "cannot change thread mode after it is set"],
  [
    0x80010108,
    "RPC_E_DISCONNECTED",
    "the object invoked has disconnected from its clients",
    "connect again; the service or the host of the provider was restarted"
  ],
  [0x8001010e, "RPC_E_WRONG_THREAD", "the interface was marshalled for a different thread"],
  [
    0x80010119,
    "RPC_E_TOO_LATE",
    "security must be initialized before any interfaces are marshalled",
    "call CoInitializeSecurity once, before the first connection"
  ],
  [0x80020005, "DISP_E_TYPEMISMATCH", "type mismatch"],
  [0x80020009, "DISP_E_EXCEPTION", "exception occurred", "the number in the exception is the one to explain"],
  [0x80040154, "REGDB_E_CLASSNOTREG", "class not registered", provider],
  [0x800401e4, "MK_E_SYNTAX", "invalid syntax", "check the moniker: winmgmts:\\\\server\\root\\cimv2"],
  [0x800401f0, "CO_E_NOTINITIALIZED", "CoInitialize has not been called"],
  [0x80080005, "CO_E_SERVER_EXEC_FAILURE", "server execution failed", service],
  [0x80090308, "SEC_E_INVALID_TOKEN", "the token supplied to the function is invalid"],
  [
    0x80090311,
    "SEC_E_NO_AUTHENTICATING_AUTHORITY",
    "no authority could be contacted for authentication",
    "check DNS and the way to a domain controller"
  ],
  [
    0x80090322,
    "SEC_E_WRONG_PRINCIPAL",
    "the target principal name is incorrect",
    "connect by the name that the computer has in the directory, not by an alias or address"
  ]
]

const rowsOf = (rows: ReadonlyArray<Row>): ReadonlyArray<WindowsError> =>
  rows.map(([number, name, meaning, advice]) => ({ number, name, meaning, advice }))

/** The Win32 errors. */
export const win32Errors: ReadonlyArray<WindowsError> = rowsOf(win32)

/** The HRESULTs of COM. */
export const comErrors: ReadonlyArray<WindowsError> = rowsOf(com)

/** The names that HRESULTs of Win32 errors have besides. */
export const aliases: Readonly<Record<string, string>> = {
  E_ACCESSDENIED: "ERROR_ACCESS_DENIED",
  E_HANDLE: "ERROR_INVALID_HANDLE",
  E_INVALIDARG: "ERROR_INVALID_PARAMETER",
  E_OUTOFMEMORY: "ERROR_OUTOFMEMORY"
}

/** What to look at for the statuses of WMI that an administrator meets. */
export const statusAdvice: Readonly<Record<string, string>> = {
  AccessDenied:
    "the account needs the right on the namespace (wmimgmt.msc, tab Security): Partial Write for instances, Full Write for classes",
  NotFound: "the class is not in this namespace, or no instance has these keys",
  ProviderFailure:
    "look at the log Microsoft-Windows-WMI-Activity/Operational and at that of the product behind the provider",
  ProviderLoadFailure: provider,
  ProviderNotFound: "the provider qualifier names a provider that is not registered in this namespace",
  ProviderNotCapable: "the provider of the class cannot do this operation",
  InvalidClass: "check the spelling of the class and the namespace",
  InvalidNamespace: "check the spelling; 'Get-CimInstance -Namespace root __NAMESPACE' lists the namespaces below root",
  InvalidObjectPath: "'effect-wmi explain --path' shows where the path is wrong",
  ClassHasInstances: "delete the instances first, or put the class with UpdateForce",
  ClassHasChildren: "put the class with UpdateSafe or UpdateForce, or change its subclasses first",
  TransportFailure: network,
  ShuttingDown: "put it again when the service Winmgmt has started",
  ServerTooBusy: "put it again later; other calls use up the quota of the service",
  OutOfMemory: memory,
  LocalCredentials: "leave out user and password for the own computer",
  QuotaViolation: memory
}
