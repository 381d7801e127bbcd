/**
 * The texts of the help beside the descriptions: one line for the list of commands, and examples. A test parses each example.
 *
 * @internal
 */

/** The texts of one command. */
interface HelpText {
  /** The line in the list of commands. */
  readonly summary?: string
  readonly examples?: ReadonlyArray<string>
}

/** The texts by the name of the command. */
export const texts: Readonly<Record<string, HelpText>> = {
  put: {
    summary: "put the objects of MOF and JSON files",
    examples: [
      "effect-wmi put classes.mof instances.mof --store wmi.db",
      "effect-wmi put changed.mof --store wmi.db --dry-run",
      "effect-wmi put classes/ disks.json --store wmi.db",
      "effect-wmi put class.mof --class-flags UpdateSafe,CreateOnly",
      "effect-wmi put disks.mof --world windows",
      'effect-wmi put class.mof --prefix "ssh -T ops@win01" --dry-run'
    ]
  },
  get: {
    summary: "print a class or an instance as MOF",
    examples: [
      "effect-wmi get 'Win32_LogicalDisk.DeviceID=\"C:\"' --world windows",
      "effect-wmi get Win32_Service --host win01 --json"
    ]
  },
  ls: {
    summary: "list the instances of a class, or the namespaces",
    examples: [
      "effect-wmi ls Win32_Service --world windows --properties Name,State",
      "effect-wmi ls --namespace root\\cimv2 --world windows"
    ]
  },
  classes: {
    summary: "list the classes of a namespace",
    examples: ["effect-wmi classes 'Win32_*' --world windows --tree"]
  },
  rm: {
    summary: "delete classes, instances and namespaces",
    examples: [
      "effect-wmi rm 'root\\corp:Corp_Asset.Id=\"A1\"' --store wmi.db",
      "effect-wmi rm Corp_Asset --namespace root\\corp --host win01 --dry-run"
    ]
  },
  export: {
    summary: "write a namespace as MOF or JSON",
    examples: [
      "effect-wmi export --namespace root\\corp --store wmi.db --out corp.mof",
      "effect-wmi export 'Corp_*' --host win01 --json"
    ]
  },
  snapshot: {
    summary: "write a store to a dump",
    examples: ["effect-wmi snapshot backup.dump.gz --store wmi.db", "effect-wmi snapshot - --store wmi.db"]
  },
  restore: {
    summary: "replace a store by a dump",
    examples: ["effect-wmi restore backup.dump.gz --store wmi.db"]
  },
  diff: {
    summary: "compare stores, dumps, files and computers",
    examples: ["effect-wmi diff backup.dump.gz wmi.db", "effect-wmi diff corp.mof --host win01 --summary"]
  },
  check: {
    summary: "report the content and the errors of MOF files",
    examples: ["effect-wmi check classes.mof", "effect-wmi check classes.mof instances.mof --json"]
  },
  amend: {
    summary: "split MOF into a neutral and a localised file",
    examples: ["effect-wmi amend classes.mof --mof neutral.mof --mfl english.mfl"]
  },
  types: {
    summary: "write TypeScript for the classes of MOF files",
    examples: ["effect-wmi types classes.mof --out classes.ts"]
  },
  "host-check": {
    summary: "check a Windows computer and record the check",
    examples: ['effect-wmi host-check --prefix "ssh -T -o BatchMode=yes ops@win01"']
  },
  "host-script": {
    summary: "print the script of a PowerShell host",
    examples: ["effect-wmi host-script --file"]
  },
  explain: {
    summary: "explain a number, a status, a rule, flags or a path",
    examples: [
      "effect-wmi explain 80041026",
      "effect-wmi explain 0x80070005 WBEM_E_NOT_FOUND CS-15",
      "effect-wmi explain --flags UpdateSafe,CreateOnly",
      "effect-wmi explain --path 'root\\cimv2:Demo_Disk.Id=\"C:\"'"
    ]
  },
  completions: {
    summary: "print the completions for a shell",
    examples: [
      "effect-wmi completions bash > /etc/bash_completion.d/effect-wmi",
      "effect-wmi completions powershell >> $PROFILE"
    ]
  }
}
