# --- fake prelude: WMI's objects over an in-memory namespace, strict about the .NET type of every value ---
class FakeDispatch : System.Collections.IEnumerable {
  # PowerShell enumerates every COM object as a collection; a fake that passes through a pipeline disappears.
  [System.Collections.IEnumerator] GetEnumerator() {
    return ([object[]]@()).GetEnumerator()
  }
}

class FakeSet : System.Collections.IEnumerable {
  [System.Collections.Specialized.OrderedDictionary] $Map = [System.Collections.Specialized.OrderedDictionary]::new([StringComparer]::OrdinalIgnoreCase)
  [System.Collections.IEnumerator] GetEnumerator() {
    return ([object[]]@($this.Map.get_Values())).GetEnumerator()
  }
}

function Get-HostLimits {
  return @{ LeaseSeconds = 300; EofGraceMs = 1500; Managed = $true }
}

function New-FakeError {
  param([int] $Code, [string] $Message)
  $script:FakeLast = [ordered]@{ Operation = 'Put'; ParameterInfo = $Message; ProviderName = 'WinMgmt'; Description = $null; StatusCode = $Code; Else = 'x' }
  return [Runtime.InteropServices.COMException]::new($Message, $Code)
}

function Add-FakeMethods {
  param($O, $Methods)
  foreach ($k in $Methods.Keys) {
    $O.psobject.Members.Add([psscriptmethod]::new($k, $Methods[$k]))
  }
}

function Add-FakeNotes {
  param($O, $Notes)
  foreach ($k in $Notes.Keys) {
    $O.psobject.Properties.Add([psnoteproperty]::new($k, $Notes[$k]))
  }
}

$script:FakeClasses = @{}
$script:FakeInstances = @{}
$script:FakeLast = $null

# The .NET type that a value for WMI must have, by CIM type number.
$script:FakeTypes = @{ 16 = [int16]; 17 = [byte]; 2 = [int16]; 18 = [int32]; 3 = [int32]; 19 = [int32]; 20 = [string]; 21 = [string]
  4 = [single]; 5 = [double]; 11 = [bool]; 8 = [string]; 101 = [string]; 102 = [string]; 103 = [int16]; 13 = [FakeDispatch] }

function Assert-FakeScalar {
  param([int] $Cim, $V)
  if ($null -eq $V) {
    throw (New-FakeError 0x80041005 'VT_EMPTY where a value belongs')
  }
  $t = $V.GetType()
  if ($t -ne $script:FakeTypes[$Cim]) {
    throw (New-FakeError 0x80041005 ('cim ' + $Cim + ' got ' + $t.FullName))
  }
  if (($Cim -eq 16 -and ($V -lt -128 -or $V -gt 127)) -or ($Cim -eq 18 -and ($V -lt 0 -or $V -gt 65535))) {
    throw (New-FakeError 0x8004102B 'out of range')
  }
}

function Assert-FakeValue {
  param([int] $Cim, [bool] $Array, $V)
  if ($V -is [DBNull]) {
    return
  }
  if (-not $Array) {
    Assert-FakeScalar $Cim $V
    return
  }
  if ($null -eq $V -or $V.GetType() -ne [object[]]) {
    throw (New-FakeError 0x80041005 'not an object[]')
  }
  foreach ($k in 0..$V.Length) {
    if ($k -lt $V.Length) {
      if ($V[$k] -is [psobject] -and $Cim -ne 13) {
        throw (New-FakeError 0x80041005 'wrapped element')
      }
      Assert-FakeScalar $Cim $V[$k]
    }
  }
}

$script:FakeSetRemove = {
  if (-not $this.Map.Contains([string]$args[0])) {
    throw (New-FakeError 0x80041002 'Not found ')
  }
  $this.Map.Remove([string]$args[0])
}

function New-FakeQualifierSet {
  $s = [FakeSet]::new()
  Add-FakeMethods $s @{
    Add = {
      if ($args.Length -lt 2) {
        throw (New-FakeError 0x80041008 'arguments')
      }
      $v = $args[1]
      $one = $v
      if ($v -is [array]) {
        $one = $v[0]
      }
      if (-not ($one -is [string] -or $one -is [int32] -or $one -is [bool] -or $one -is [double])) {
        throw (New-FakeError 0x80041029 'qualifier type')
      }
      if ($args.Length -ne 5) {
        throw (New-FakeError 0x80041008 'flavours are left to the default')
      }
      $this.Map[[string]$args[0]] = @{ name = [string]$args[0]; value = $v; flags = @($args)[2..4] }
      return , ([FakeDispatch]::new())
    }
    Remove = $script:FakeSetRemove
  }
  return , $s
}

$script:FakeValueGet = {
  return , $this.Cell.v
}
$script:FakeValueSet = {
  Assert-FakeValue $this.CIMType $this.IsArray $args[0]
  $this.Cell.v = $args[0]
  $this.Cell.set = $true
}

function New-FakeProperty {
  param([string] $Name, [int] $Cim, [bool] $Array, $V)
  $p = [FakeDispatch]::new()
  Add-FakeNotes $p @{ Name = $Name; CIMType = $Cim; IsArray = $Array; Cell = @{ v = $V; set = $false }; Qualifiers_ = (New-FakeQualifierSet) }
  $p.psobject.Properties.Add([psscriptproperty]::new('Value', $script:FakeValueGet, $script:FakeValueSet))
  return , $p
}

function Get-FakeStranger {
  param($Set, [string] $Name)
  throw (New-FakeError 0x80041002 'Not found ')
}

$script:FakeSetMethods = @{
  Item = {
    $p = $this.Map[[string]$args[0]]
    if ($null -eq $p) {
      return , (Get-FakeStranger $this ([string]$args[0]))
    }
    return , $p
  }
  Add = {
    $p = New-FakeProperty ([string]$args[0]) ([int]$args[1]) ([bool]$args[2]) ([DBNull]::Value)
    $this.Map[[string]$args[0]] = $p
    return , $p
  }
  Remove = $script:FakeSetRemove
}

function New-FakePropertySet {
  param($From)
  $s = [FakeSet]::new()
  Add-FakeMethods $s $script:FakeSetMethods
  if ($null -ne $From) {
    foreach ($p in $From) {
      $q = New-FakeProperty $p.Name $p.CIMType $p.IsArray $p.Cell.v
      foreach ($x in $p.Qualifiers_) {
        $q.Qualifiers_.Map[$x.name] = $x
      }
      $s.Map[$p.Name] = $q
    }
  }
  return , $s
}

$script:FakeObjectMethods = @{
  SpawnInstance_ = {
    return , (New-FakeObject $this.Path_.Class $this.Properties_ $false)
  }
  SpawnDerivedClass_ = {
    return , (New-FakeObject '' $this.Properties_ $true)
  }
  GetObjectText_ = {
    return Get-FakeText $this
  }
  Put_ = {
    return , (Save-FakeObject $this $args)
  }
}

# What was put, for a test to read: types and qualifiers with their flavours, or the calls of the managed engine.
function Get-FakeText {
  param($O)
  if ($null -ne $O.Text) {
    return $O.Text
  }
  $b = [Text.StringBuilder]::new()
  [void]$b.Append((Get-FakeQualifierText $O.Qualifiers_)).Append($(if ($O.Path_.IsClass) { 'class ' } else { 'instance of ' })).Append($O.Path_.Class).Append("\n")
  foreach ($p in $O.Properties_) {
    [void]$b.Append((Get-FakeQualifierText $p.Qualifiers_)).Append($p.CIMType).Append($(if ($p.IsArray) { '[]' } else { '' })).Append(' ').Append($p.Name)
    [void]$b.Append(' = ').Append($(if ($p.Cell.v -is [DBNull]) { 'null' } else { [string]$p.Cell.v })).Append("\n")
  }
  return $b.ToString().Replace('\n', [string][char]10)
}

function Get-FakeQualifierText {
  param($Set)
  $b = [Text.StringBuilder]::new()
  foreach ($q in $Set) {
    [void]$b.Append('[').Append($q.name).Append('=').Append(($q.value -join ',')).Append(' ').Append($q.value.GetType().Name).Append(' ')
    [void]$b.Append('sub=').Append($q.flags[0]).Append(' inst=').Append($q.flags[1]).Append(' over=').Append($q.flags[2]).Append('] ')
  }
  return $b.ToString()
}

$script:FakeRelPath = {
  return Get-FakePath $this.Of
}

function New-FakeObject {
  param([string] $Class, $Props, [bool] $IsClass, [string] $Path = '')
  $o = [FakeDispatch]::new()
  $op = [FakeDispatch]::new()
  Add-FakeNotes $op @{ Class = $Class; Path = $Path; IsClass = $IsClass; Of = $o }
  $op.psobject.Properties.Add([psscriptproperty]::new('RelPath', $script:FakeRelPath))
  Add-FakeNotes $o @{ Path_ = $op; Properties_ = (New-FakePropertySet $Props); Qualifiers_ = (New-FakeQualifierSet); Text = $null }
  Add-FakeMethods $o $script:FakeObjectMethods
  return , $o
}

function Get-FakePath {
  param($O)
  if ($O.Path_.IsClass) {
    return $O.Path_.Class
  }
  $keys = @(foreach ($p in $O.Properties_) {
      if ($p.Qualifiers_.Map.Contains('key')) {
        if ($p.Cell.v -is [DBNull]) {
          throw (New-FakeError 0x80041028 'Illegal null value ')
        }
        if ($p.Cell.v -is [string]) {
          $p.Name + '="' + $p.Cell.v.Replace('\', '\\').Replace('"', '\"') + '"'
        }
        else {
          $p.Name + '=' + [string]$p.Cell.v
        }
      }
    })
  return $O.Path_.Class + '.' + ($keys -join ',')
}

function Copy-FakeObject {
  param($O, [string] $Path)
  $copy = New-FakeObject $O.Path_.Class $O.Properties_ $O.Path_.IsClass $Path
  $copy.Text = $O.Text
  foreach ($q in $O.Qualifiers_) {
    $copy.Qualifiers_.Map[$q.name] = $q
  }
  return , $copy
}

function Get-FakeRelative {
  param([string] $Path)
  $i = $Path.IndexOf(':')
  $j = $Path.IndexOf('"')
  if ($Path.StartsWith('\\', [StringComparison]::Ordinal) -and $i -gt 0 -and ($j -lt 0 -or $i -lt $j)) {
    return $Path.Substring($i + 1)
  }
  return $Path
}

# The flags and the context of a call.
function Get-FakeCall {
  param($Arguments, [int] $Flags, [int] $Context)
  $b = [Text.StringBuilder]::new()
  [void]$b.Append('0x').Append(([int]$Arguments[$Flags]).ToString('x'))
  if ($Arguments.Length -gt $Context) {
    if ($Arguments[$Context] -isnot [FakeDispatch]) {
      throw (New-FakeError 0x80041008 'a context that is none')
    }
    foreach ($n in $Arguments[$Context].Named) {
      [void]$b.Append(' ').Append($n.name).Append('=').Append($n.value.GetType().Name).Append(':').Append(($n.value -join ','))
    }
  }
  return $b.ToString()
}

function Save-FakeObject {
  param($O, $Rest)
  $flags = [int]$Rest[0]
  $call = Get-FakeCall $Rest 0 1
  $class = $O.Path_.Class
  $out = [FakeDispatch]::new()
  $act = $class
  if ($O.Path_.IsClass) {
    $act = ''
  }
  switch ($act) {
    'EWMI_Slow' {
      [Threading.Thread]::Sleep(400)
    }
    'EWMI_Hang' {
      [Threading.Thread]::Sleep(600000)
    }
    'EWMI_Null' {
      return $null
    }
    'EWMI_Denied' {
      throw [UnauthorizedAccessException]::new('Access is denied.')
    }
    'EWMI_Rpc' {
      throw (New-FakeError 0x800706BA 'The RPC server is unavailable.')
    }
    'EWMI_Dispatch' {
      throw (New-FakeError 0x80020005 'Type mismatch.')
    }
    'EWMI_Below' {
      throw [Reflection.TargetInvocationException]::new('outer', (New-FakeError 0x80041048 'inner '))
    }
    'EWMI_Both' {
      throw [Runtime.InteropServices.COMException]::new('windows outside', [Exception]::new('plain', (New-FakeError 0x80041024 'WMI inside ')))
    }
    'EWMI_Unlisted' {
      throw (New-FakeError 0x8004FFFF 'no status of WMI')
    }
    'EWMI_Disconnected' {
      throw [Exception]::new('outer', (New-FakeError 0x80010108 'The object invoked has disconnected from its clients.'))
    }
    'EWMI_Defect' {
      throw 'a defect'
    }
    'EWMI_Call' {
      Add-FakeNotes $out @{ Path = $call; Class = $class }
      return , $out
    }
    'EWMI_Noise' {
      $host.UI.WriteLine('host noise')
      [Console]::Out.WriteLine('console noise')
      $bytes = [Text.Encoding]::ASCII.GetBytes([string][char]27 + '[?1h' + [char]27 + '=EWMI1 0123 {"t":"res","id":1,"ok":true}' + [char]10 + 'glued ')
      $s = [Console]::OpenStandardOutput()
      $s.Write($bytes, 0, $bytes.Length)
      $s.Flush()
      [Console]::Error.WriteLine('error noise')
    }
  }
  $table = $script:FakeInstances
  if ($O.Path_.IsClass) {
    $table = $script:FakeClasses
  }
  $rel = Get-FakePath $O
  $was = $table.ContainsKey($rel)
  if ($was -and ($flags -band 2)) {
    throw (New-FakeError 0x80041019 'Object or property already exists ')
  }
  if (-not $was -and ($flags -band 1)) {
    throw (New-FakeError 0x80041002 'Not found ')
  }
  $table[$rel] = Copy-FakeObject $O ''
  Add-FakeNotes $out @{ Path = '\\.\root\fake:' + $rel; Class = $class }
  return , $out
}

$script:FakePut = {
  return , (Save-FakeObject $args[0] @($args)[1..$args.Length])
}

$script:FakeServiceMethods = @{
  Get = {
    if ($args.Length -lt 2) {
      throw (New-FakeError 0x80041008 'arguments')
    }
    $call = Get-FakeCall $args 1 2
    $rel = Get-FakeRelative ([string]$args[0])
    if ($rel.Length -eq 0) {
      return , (New-FakeObject '' $null $true)
    }
    if ($rel -ceq 'EWMI_Call') {
      $o = New-FakeObject $rel $null $true $call
      $o.Path_.Path = $call
      return , $o
    }
    if ($rel -ceq 'EWMI_Hidden.n="x"') {
      throw (New-FakeError 0x80041003 'Access denied ')
    }
    $o = $script:FakeClasses[$rel]
    if ($null -eq $o) {
      $o = $script:FakeInstances[$rel]
    }
    if ($null -eq $o) {
      throw (New-FakeError 0x80041002 'Not found ')
    }
    return , (Copy-FakeObject $o ('\\.\root\fake:' + $rel))
  }
  Delete = {
    $call = Get-FakeCall $args 1 2
    if ($args[0] -ceq 'EWMI_Call') {
      throw (New-FakeError 0x80041008 $call)
    }
    $rel = Get-FakeRelative ([string]$args[0])
    foreach ($t in @($script:FakeInstances, $script:FakeClasses)) {
      if ($t.ContainsKey($rel)) {
        $t.Remove($rel)
        return
      }
    }
    throw (New-FakeError 0x80041002 'Not found ')
  }
  ExecQuery = {
    if ($args[1] -cne 'WQL' -or ([int]$args[2] -band 0x30) -ne 0x30) {
      throw (New-FakeError 0x80041008 'Invalid parameter ')
    }
    $call = Get-FakeCall $args 2 3
    $m = [regex]::Match([string]$args[0], '^\s*SELECT\s+\*\s+FROM\s+(\w+)\s*$', 'IgnoreCase, CultureInvariant')
    if (-not $m.Success) {
      throw (New-FakeError 0x80041017 'Invalid query ')
    }
    $set = [FakeSet]::new()
    $class = $m.Groups[1].Value
    if ($class -ceq 'EWMI_Call') {
      $set.Map['x'] = New-FakeObject $class $null $false $call
      return , $set
    }
    if (-not $script:FakeClasses.ContainsKey($class)) {
      throw (New-FakeError 0x80041010 'Invalid class ')
    }
    foreach ($k in $script:FakeInstances.Keys) {
      $o = $script:FakeInstances[$k]
      if ($o.Path_.Class -eq $class) {
        $set.Map[$k] = Copy-FakeObject $o ('\\.\root\fake:' + $k)
      }
    }
    return , $set
  }
}

function New-FakeSecurity {
  $s = [FakeDispatch]::new()
  $p = [FakeDispatch]::new()
  Add-FakeMethods $p @{
    AddAsString = {
      if ($args[0] -cne 'SeTestPrivilege') {
        throw (New-FakeError 0x80041062 'Privilege not held ')
      }
      return , ([FakeDispatch]::new())
    }
  }
  Add-FakeNotes $s @{ ImpersonationLevel = 0; AuthenticationLevel = 0; Privileges = $p }
  return , $s
}

function New-FakeServices {
  param($Arguments)
  if ($Arguments[1] -notmatch '^root\\fake') {
    throw (New-FakeError 0x8004100E 'Invalid namespace ')
  }
  $svc = [FakeDispatch]::new()
  Add-FakeNotes $svc @{ Security_ = (New-FakeSecurity) }
  Add-FakeMethods $svc $script:FakeServiceMethods
  if ($Arguments[1] -cne 'root\fake\old') {
    Add-FakeMethods $svc @{ Put = $script:FakePut }
  }
  return , $svc
}

function New-WmiObject {
  param($ProgId)
  $o = [FakeDispatch]::new()
  switch ($ProgId) {
    'WbemScripting.SWbemLocator' {
      Add-FakeNotes $o @{ Security_ = (New-FakeSecurity) }
      Add-FakeMethods $o @{
        ConnectServer = {
          if ($args.Length -ne 7 -or $args[6] -ne 128) {
            throw (New-FakeError 0x80041008 'Invalid parameter ')
          }
          if ($this.Security_.AuthenticationLevel -ne 6 -or $this.Security_.ImpersonationLevel -ne 3) {
            throw (New-FakeError 0x80041003 'Access denied ')
          }
          return , (New-FakeServices $args)
        }
      }
    }
    'WbemScripting.SWbemNamedValueSet' {
      Add-FakeNotes $o @{ Named = [System.Collections.Generic.List[object]]::new() }
      Add-FakeMethods $o @{
        Add = {
          $this.Named.Add(@{ name = [string]$args[0]; value = $args[1] })
          return , ([FakeDispatch]::new())
        }
      }
    }
    'WbemScripting.SWbemLastError' {
      if ($null -eq $script:FakeLast) {
        throw (New-FakeError 0x80004005 'no error information')
      }
      $set = New-FakePropertySet $null
      foreach ($k in $script:FakeLast.Keys) {
        $set.Map[$k] = New-FakeProperty $k 8 $false $script:FakeLast[$k]
      }
      $script:FakeLast = $null
      Add-FakeNotes $o @{ Properties_ = $set }
    }
  }
  return , $o
}


# --- the same for System.Management: real members, because the core reads them past PowerShell's adapter ---
class FakeManagedQualifiers {
  [System.Collections.Generic.List[string]] $Lines = [System.Collections.Generic.List[string]]::new()
  [System.Collections.Generic.List[object]] $List = [System.Collections.Generic.List[object]]::new()
  [void] Add([string] $name, [object] $value, [bool] $amended, [bool] $inst, [bool] $sub, [bool] $over) {
    $this.List.Add(@{ name = $name; value = $value; flavor = 128 * [int]$amended + [int]$inst + 2 * [int]$sub + 16 * [int](-not $over) })
    $this.Lines.Add('[' + $name + '=' + ($value -join ',') + ' ' + $value.GetType().Name + ' am=' + $amended + ' inst=' + $inst + ' sub=' + $sub + ' over=' + $over + '] ')
  }
  [void] Remove([string] $name) {
    $this.Lines.Add('[-' + $name + '] ')
    foreach ($q in $this.List.ToArray()) {
      if ($q.name -eq $name) {
        [void]$this.List.Remove($q)
      }
    }
  }
}

class FakeManagedProperty {
  [string] $Name
  [object] $Type
  [bool] $IsArray
  [object] $Value = [Reflection.Missing]::Value
  # An inherited property that was not added again.
  [bool] $Keep
  [FakeManagedQualifiers] $Qualifiers = [FakeManagedQualifiers]::new()
}

class FakeManagedProperties {
  # The superclass, whose properties the class has too.
  [object] $Above
  [System.Collections.Specialized.OrderedDictionary] $Map = [System.Collections.Specialized.OrderedDictionary]::new([StringComparer]::OrdinalIgnoreCase)
  [void] Add([string] $name, [object] $type, [bool] $array) {
    if ($type.GetType().FullName -cne 'System.Management.CimType') {
      throw (New-FakeError 0x80041008 'the overload with a value')
    }
    $p = [FakeManagedProperty]::new()
    $p.Name = $name
    $p.Type = $type
    $p.IsArray = $array
    $this.Map[$name] = $p
  }
  [FakeManagedProperty] Item([string] $name) {
    if (-not $this.Map.Contains($name)) {
      $inherited = $null
      if ($null -ne $this.Above) {
        $inherited = (Get-FakeManagedProperties $this.Above).Map[$name]
      }
      if ($null -eq $inherited) {
        throw (New-FakeManagedError 0x80041002 'Not found ')
      }
      $p = [FakeManagedProperty]::new()
      $p.Name = $inherited.Name
      $p.Type = [System.Management.CimType][int]$inherited.CIMType
      $p.IsArray = $inherited.IsArray
      $p.Keep = $true
      $this.Map[$name] = $p
    }
    return $this.Map[$name]
  }
  [void] Remove([string] $name) {
    if ($this.Map.Contains($name)) {
      $this.Map.Remove($name)
      return
    }
    $this.Map['-' + $name] = $null
  }
  [string] Text() {
    $b = [Text.StringBuilder]::new()
    foreach ($k in $this.Map.get_Keys()) {
      $p = $this.Map[$k]
      if ($null -eq $p) {
        [void]$b.Append($k).Append(';')
        continue
      }
      [void]$b.Append(($p.Qualifiers.Lines -join '')).Append([int]$p.Type).Append($(if ($p.IsArray) { '[]' } else { '' })).Append(' ').Append($p.Name)
      if ($null -eq $p.Value) {
        [void]$b.Append(' = null')
      }
      elseif ($p.Value -isnot [Reflection.Missing]) {
        $one = $p.Value
        if ($one -is [array]) {
          $one = $one[0]
        }
        [void]$b.Append(' = ').Append($one.GetType().Name).Append(':').Append(($p.Value -join ','))
      }
      [void]$b.Append(';')
    }
    return $b.ToString()
  }
}

class FakeManagedMethod {
  [string] $Name
  [object] $Ins
  [object] $Outs
  [FakeManagedQualifiers] $Qualifiers = [FakeManagedQualifiers]::new()
}

class FakeManagedMethods {
  [System.Collections.Specialized.OrderedDictionary] $Map = [System.Collections.Specialized.OrderedDictionary]::new([StringComparer]::OrdinalIgnoreCase)
  [void] Add([string] $name, [object] $ins, [object] $outs) {
    foreach ($o in @($ins, $outs)) {
      if ($null -ne $o -and $o.Name -cne '__PARAMETERS') {
        throw (New-FakeManagedError 0x80041008 'no copy of __PARAMETERS')
      }
    }
    $m = [FakeManagedMethod]::new()
    $m.Name = $name
    $m.Ins = $ins
    $m.Outs = $outs
    $this.Map[$name] = $m
  }
  [FakeManagedMethod] Item([string] $name) {
    return $this.Map[$name]
  }
}

class FakeManagedOptions {
  [object] $Impersonation
  [object] $Authentication
  [bool] $EnablePrivileges
  [string] $Locale
  [string] $Authority
  [string] $Username
  [string] $Password = ''
  [bool] $UseAmendedQualifiers
  [object] $Type
  [int] $Flags
  [object] $Context
}

class FakeManagedScope {
  [string] $Path
  [object] $Options
}

class FakeManagedClass {
  [object] $Scope
  [string] $Name
  [string] $Super = ''
  [bool] $Amends
  [bool] $IsInstance
  [FakeManagedProperties] $Properties = [FakeManagedProperties]::new()
  [FakeManagedQualifiers] $Qualifiers = [FakeManagedQualifiers]::new()
  [FakeManagedMethods] $Methods = [FakeManagedMethods]::new()
  [void] SetPropertyValue([string] $name, [object] $value) {
    if ($name -cne '__CLASS') {
      throw (New-FakeManagedError 0x80041008 'Invalid parameter ')
    }
    $this.Name = $value
  }
  [object] Derive([string] $name) {
    $c = [FakeManagedClass]::new()
    $c.Scope = $this.Scope
    $c.Name = $name
    $c.Super = $this.Name
    $c.Properties.Above = $this
    return $c
  }
  [object] $Reading
  [void] Get() {
    $this.Amends = $true
    Read-FakeManaged $this
  }
  [object] CreateInstance() {
    $o = [FakeManagedClass]::new()
    $o.Name = $this.Name
    $o.IsInstance = $true
    foreach ($p in (Get-FakeManagedProperties $this)) {
      $o.Properties.Add($p.Name, [System.Management.CimType]$p.CIMType, $p.IsArray)
    }
    return $o
  }
  [string] ToString() {
    return $(if ($this.IsInstance) { 'instance of ' } else { '' }) + $this.Name + '{' + $this.Properties.Text() + '}'
  }
  [object] Put([object] $options) {
    return Save-FakeManaged $this $options
  }
  [void] Dispose() {
  }
}

function Save-FakeManaged {
  param($Class, $Options)
  if ($Class.Name -ceq 'EWMI_Refused') {
    throw (New-FakeManagedError 0x80041024 'Provider not capable ')
  }
  $b = [Text.StringBuilder]::new()
  [void]$b.Append('scope ').Append($Class.Scope.Path).Append(' imp=').Append([int]$Class.Scope.Options.Impersonation).Append(' auth=').Append([int]$Class.Scope.Options.Authentication)
  [void]$b.Append(' user=').Append($Class.Scope.Options.Username).Append(' pass=').Append($Class.Scope.Options.Password.Length).Append('/')
  [void]$b.Append('type=').Append($Options.Type).Append(' amended=').Append($Options.UseAmendedQualifiers).Append(' flags=').Append($Options.Flags)
  foreach ($n in $Options.Context.Named) {
    [void]$b.Append(' ').Append($n.name).Append('=').Append($n.value.GetType().Name).Append(':').Append(($n.value -join ','))
  }
  [void]$b.Append('/').Append(($Class.Qualifiers.Lines -join '')).Append($(if ($Class.Amends) { 'amend ' } else { 'class ' })).Append($Class.Name).Append(' : ').Append($Class.Super)
  [void]$b.Append(' {').Append($Class.Properties.Text()).Append('}/')
  foreach ($m in $Class.Methods.Map.get_Values()) {
    [void]$b.Append(($m.Qualifiers.Lines -join '')).Append($m.Name).Append('(').Append($m.Ins).Append(')(').Append($m.Outs).Append(')/')
  }
  $o = New-FakeObject $Class.Name $null $true
  $o.Text = $b.ToString()
  $script:FakeClasses[$Class.Name] = $o
  if ($Class.Name -ceq 'EWMI_Lost') {
    return $null
  }
  return [pscustomobject]@{ Path = '\\.\root\fake:' + $Class.Name }
}

function Read-FakeManaged {
  param($Class)
  if (-not $script:FakeClasses.ContainsKey($Class.Name)) {
    throw (New-FakeManagedError 0x80041002 'Not found ')
  }
}

function Get-FakeManagedProperties {
  param($Class)
  return , $script:FakeClasses[$Class.Name].Properties_
}

class FakeManagedNamed {
  [System.Collections.Generic.List[object]] $Named = [System.Collections.Generic.List[object]]::new()
  [void] Add([string] $name, [object] $value) {
    $this.Named.Add(@{ name = $name; value = $value })
  }
}

class FakeManagedInfo {
  [object[]] $Properties
}

# The launcher has an exception of that name. A real pwsh cannot create one off Windows, so a COM exception is used there.
function New-FakeManagedError {
  param([int] $Code, [string] $Message)
  $type = [Type]::GetType('System.Management.ManagementException, pwsh')
  if ($null -eq $type) {
    return (New-FakeError $Code $Message)
  }
  $info = [FakeManagedInfo]::new()
  $info.Properties = @([pscustomobject]@{ Name = 'ProviderName'; Value = 'Managed' }, [pscustomobject]@{ Name = 'StatusCode'; Value = $null })
  return [Activator]::CreateInstance($type, @($Message, $Code, $info))
}

function New-ManagedObject {
  param([string] $Kind, $First, $Second, $Third)
  switch ($Kind) {
    'ManagementScope' {
      $s = [FakeManagedScope]::new()
      $s.Path = $First
      $s.Options = $Second
      return , $s
    }
    'ManagementClass' {
      $c = [FakeManagedClass]::new()
      $c.Scope = $First
      $c.Name = $Second
      $c.Reading = $Third
      return , $c
    }
    default {
      $o = [FakeManagedOptions]::new()
      $o.Context = [FakeManagedNamed]::new()
      return , $o
    }
  }
}
