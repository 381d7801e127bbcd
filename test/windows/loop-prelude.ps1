
# --- loop prelude, after the fake one: the same objects, but a server behind a socket decides. One line of JSON per call ---
# A value in a call: null, or a kind and a text: i integer, r real, s text, b boolean, o object, a array.
$script:LoopPort = 0
$script:LoopReader = $null
$script:LoopWriter = $null

function Send-Loop {
  param($Message)
  if ($null -eq $script:LoopWriter) {
    $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $script:LoopPort)
    $client.NoDelay = $true
    $script:LoopReader = [IO.StreamReader]::new($client.GetStream(), [Text.UTF8Encoding]::new($false))
    $script:LoopWriter = [IO.StreamWriter]::new($client.GetStream(), [Text.ASCIIEncoding]::new())
    $script:LoopWriter.NewLine = "`n"
    $script:LoopWriter.AutoFlush = $true
  }
  $sb = [Text.StringBuilder]::new()
  Add-Json $sb $Message 0
  $script:LoopWriter.WriteLine($sb.ToString())
  $answer = & $script:ReadJson $script:LoopReader.ReadLine()
  if ($answer['ok']) {
    return , $answer
  }
  $script:FakeLast = [ordered]@{}
  foreach ($k in $answer['status'].get_Keys()) {
    $script:FakeLast[$k] = $answer['status'][$k]
  }
  throw [Runtime.InteropServices.COMException]::new([string]$answer['message'], [int]$answer['hresult'])
}

function ConvertTo-LoopValue {
  param($V)
  if ($null -eq $V -or $V -is [DBNull]) {
    return , $null
  }
  if ($V -is [array]) {
    $list = [object[]]::new($V.Length)
    for ($i = 0; $i -lt $list.Length; $i++) {
      $list[$i] = ConvertTo-LoopValue $V[$i]
    }
    return , @('a', $list)
  }
  if ($V -is [string]) {
    return , @('s', $V)
  }
  if ($V -is [bool]) {
    return , @('b', $V)
  }
  if ($V -is [single]) {
    return , @('r', $V.ToString('G9', $script:Inv))
  }
  if ($V -is [double]) {
    return , @('r', $V.ToString('G17', $script:Inv))
  }
  if ($V -is [char]) {
    return , @('i', ([int]$V).ToString($script:Inv))
  }
  if ($V -is [FakeDispatch]) {
    return , @('o', (ConvertTo-LoopObject $V))
  }
  if ($V -is [FakeManagedClass]) {
    return , @('o', (ConvertTo-LoopManaged $V))
  }
  return , @('i', $V.ToString($script:Inv))
}

function ConvertFrom-LoopValue {
  param($Svc, [int] $Cim, $W)
  if ($null -eq $W) {
    return , [DBNull]::Value
  }
  $v = $W[1]
  switch ([string]$W[0]) {
    'a' {
      $list = [object[]]::new($v.Length)
      for ($i = 0; $i -lt $list.Length; $i++) {
        $list[$i] = ConvertFrom-LoopValue $Svc $Cim $v[$i]
      }
      return , $list
    }
    'o' {
      return , (New-LoopObject $Svc $v)
    }
    'r' {
      if ($Cim -eq 4) {
        return [single]::Parse($v, $script:Inv)
      }
      return [double]::Parse($v, $script:Inv)
    }
    'i' {
      if ($Cim -eq 20 -or $Cim -eq 21) {
        return $v
      }
      $n = [int64]::Parse($v, $script:Inv)
      if ($Cim -eq 17) {
        return [byte]$n
      }
      if ($Cim -eq 2 -or $Cim -eq 16) {
        return [int16]$n
      }
      if ($Cim -eq 103) {
        return [BitConverter]::ToInt16([BitConverter]::GetBytes([uint16]$n), 0)
      }
      return [BitConverter]::ToInt32([BitConverter]::GetBytes($n), 0)
    }
    default {
      return , $v
    }
  }
}

# Accepts every value that COM accepts; the server decides whether it fits the property.
function Assert-FakeValue {
  param([int] $Cim, [bool] $Array, $V)
  foreach ($one in @($V)) {
    if (-not ($one -is [DBNull] -or $one -is [int16] -or $one -is [byte] -or $one -is [int32] -or $one -is [string] -or $one -is [single] -or
        $one -is [double] -or $one -is [bool] -or $one -is [FakeDispatch])) {
      throw (New-FakeError 0x80041005 'no VARIANT of WMI')
    }
  }
}

function New-FakeQualifierSet {
  $s = [FakeSet]::new()
  Add-FakeMethods $s @{
    Add = {
      if ($args.Length -ne 5) {
        throw (New-FakeError 0x80041008 'flavours are left to the default')
      }
      $f = 2 * [int]$args[2] + [int]$args[3] + 16 * [int](-not $args[4])
      $this.Map[[string]$args[0]] = @{ name = [string]$args[0]; wire = (ConvertTo-LoopValue $args[1]); flavor = $f }
      return , ([FakeDispatch]::new())
    }
    Remove = $script:FakeSetRemove
  }
  return , $s
}

# A property that the class does not have can be set; the put is refused.
function Get-FakeStranger {
  param($Set, [string] $Name)
  $p = New-FakeProperty $Name 8 $false ([DBNull]::Value)
  Add-FakeNotes $p @{ Own = $true; Keep = $false }
  $Set.Map[$Name] = $p
  return , $p
}

function ConvertTo-LoopQualifiers {
  param($Set)
  $list = [System.Collections.Generic.List[object]]::new()
  foreach ($q in $Set) {
    $list.Add(@($q.name, $q.wire, $q.flavor))
  }
  return , $list.ToArray()
}

function Add-LoopQualifiers {
  param($Set, $Json)
  foreach ($q in $Json) {
    $Set.Map[[string]$q[0]] = @{ name = [string]$q[0]; wire = $q[1]; flavor = [int]$q[2] }
  }
}

$script:LoopObjectMethods = @{
  SpawnInstance_ = {
    return , (New-LoopChild $this 'instance')
  }
  SpawnDerivedClass_ = {
    return , (New-LoopChild $this 'class')
  }
  GetObjectText_ = {
    return $this.Text
  }
  Put_ = {
    return , (Save-FakeObject $this $args)
  }
}

function New-LoopShell {
  param($Svc, [string] $Kind, [string] $Class)
  $o = [FakeDispatch]::new()
  $op = [FakeDispatch]::new()
  Add-FakeNotes $op @{ Class = $Class; Path = ''; IsClass = ($Kind -ceq 'class'); Of = $o }
  $op.psobject.Properties.Add([psscriptproperty]::new('RelPath', $script:FakeRelPath))
  $props = [FakeSet]::new()
  Add-FakeMethods $props @{
    Item = $script:FakeSetMethods.Item
    Remove = $script:FakeSetRemove
    Add = {
      $p = New-FakeProperty ([string]$args[0]) ([int]$args[1]) ([bool]$args[2]) ([DBNull]::Value)
      Add-FakeNotes $p @{ Own = $true; Keep = $false }
      $this.Map[[string]$args[0]] = $p
      return , $p
    }
  }
  Add-FakeNotes $o @{ Svc = $Svc; Kind = $Kind; Super = ''; Amended = $false; Methods = @(); Text = ''; Path_ = $op; Properties_ = $props; Qualifiers_ = (New-FakeQualifierSet) }
  Add-FakeMethods $o $script:LoopObjectMethods
  return , $o
}

function New-LoopObject {
  param($Svc, $Json)
  $o = New-LoopShell $Svc ([string]$Json['kind']) ([string]$Json['class'])
  $o.Path_.Path = [string]$Json['path']
  $o.Super = [string]$Json['super']
  $o.Amended = [bool]$Json['amended']
  $o.Methods = $Json['methods']
  $o.Text = [string]$Json['mof']
  foreach ($p in $Json['props']) {
    $q = New-FakeProperty ([string]$p['n']) ([int]$p['t']) ([bool]$p['a']) (ConvertFrom-LoopValue $Svc ([int]$p['t']) $p['v'])
    $q.Cell.set = [bool]$p['set']
    Add-FakeNotes $q @{ Own = [bool]$p['own']; Keep = [bool]$p['keep'] }
    Add-LoopQualifiers $q.Qualifiers_ $p['q']
    $o.Properties_.Map[$q.Name] = $q
  }
  Add-LoopQualifiers $o.Qualifiers_ $Json['q']
  return , $o
}

function New-LoopChild {
  param($Of, [string] $Kind)
  $name = $Of.Path_.Class
  if ($Kind -ceq 'class') {
    $name = ''
  }
  $o = New-LoopShell $Of.Svc $Kind $name
  $o.Super = $Of.Path_.Class
  $o.Amended = $Of.Amended
  foreach ($p in $Of.Properties_) {
    $q = New-FakeProperty $p.Name $p.CIMType $p.IsArray $p.Cell.v
    Add-FakeNotes $q @{ Own = $false; Keep = $true }
    $o.Properties_.Map[$q.Name] = $q
  }
  return , $o
}

function ConvertTo-LoopObject {
  param($O)
  $isClass = $O.Path_.IsClass
  $props = [System.Collections.Generic.List[object]]::new()
  foreach ($p in $O.Properties_) {
    # A qualifier on an inherited property of a new class declares the property again.
    $touched = $isClass -and -not $p.Own -and $p.Keep -and $p.Qualifiers_.Map.Count -gt 0
    if ($isClass -and -not $p.Own -and -not $touched -or (-not $isClass -and -not $p.Cell.set)) {
      continue
    }
    $one = [ordered]@{ n = $p.Name; t = $p.CIMType; a = $p.IsArray; set = $p.Cell.set; v = (ConvertTo-LoopValue $p.Cell.v); keep = ($isClass -and $p.Keep) }
    if ($isClass) {
      $one.q = ConvertTo-LoopQualifiers $p.Qualifiers_
    }
    $props.Add($one)
  }
  $out = [ordered]@{ kind = 'instance'; class = $O.Path_.Class; amended = $O.Amended; props = $props.ToArray() }
  if ($isClass) {
    $out.kind = 'class'
    $out.super = $O.Super
    $out.q = ConvertTo-LoopQualifiers $O.Qualifiers_
    $out.methods = $O.Methods
  }
  return $out
}

function New-LoopMessage {
  param([string] $Op, $Svc, $Arguments, [int] $Flags)
  $named = [System.Collections.Generic.List[object]]::new()
  if ($Arguments.Length -gt $Flags + 1) {
    foreach ($n in $Arguments[$Flags + 1].Named) {
      $named.Add(@($n.name, (ConvertTo-LoopValue $n.value)))
    }
  }
  return [ordered]@{ op = $Op; ns = $Svc.Ns; locale = $Svc.Locale; flags = [int]$Arguments[$Flags]; ctx = $named.ToArray() }
}

function Get-FakePath {
  param($O)
  return [string](Send-Loop ([ordered]@{ op = 'path'; ns = $O.Svc.Ns; locale = $O.Svc.Locale; object = (ConvertTo-LoopObject $O) }))['path']
}

function Save-FakeObject {
  param($O, $Rest)
  $m = New-LoopMessage 'put' $O.Svc $Rest 0
  $m.object = ConvertTo-LoopObject $O
  $answer = Send-Loop $m
  $out = [FakeDispatch]::new()
  Add-FakeNotes $out @{ Path = [string]$answer['path']; Class = $O.Path_.Class }
  return , $out
}

$script:FakeServiceMethods = @{
  Get = {
    if (([string]$args[0]).Length -eq 0) {
      return , (New-LoopShell $this 'class' '')
    }
    $m = New-LoopMessage 'get' $this $args 1
    $m.path = [string]$args[0]
    return , (New-LoopObject $this (Send-Loop $m)['object'])
  }
  Put = {
    return , (Save-FakeObject $args[0] @($args)[1..$args.Length])
  }
  Delete = {
    $m = New-LoopMessage 'delete' $this $args 1
    $m.path = [string]$args[0]
    [void](Send-Loop $m)
  }
  ExecQuery = {
    $m = New-LoopMessage 'query' $this $args 2
    $m.wql = [string]$args[0]
    $set = [FakeSet]::new()
    $i = 0
    foreach ($o in (Send-Loop $m)['objects']) {
      $set.Map[[string]$i] = New-LoopObject $this $o
      $i++
    }
    return , $set
  }
}

function New-FakeServices {
  param($Arguments)
  [void](Send-Loop ([ordered]@{ op = 'connect'; ns = [string]$Arguments[1]; user = [string]$Arguments[2]; locale = [string]$Arguments[4] }))
  $svc = [FakeDispatch]::new()
  Add-FakeNotes $svc @{ Security_ = (New-FakeSecurity); Ns = [string]$Arguments[1]; Locale = [string]$Arguments[4] }
  Add-FakeMethods $svc $script:FakeServiceMethods
  return , $svc
}

# --- the managed engine ---
function Send-LoopManaged {
  param($Message)
  try {
    return , (Send-Loop $Message)
  }
  catch {
    $e = $_.Exception
    $type = [Type]::GetType('System.Management.ManagementException, pwsh')
    if ($null -eq $type -or $e -isnot [Runtime.InteropServices.COMException]) {
      throw
    }
    $info = [FakeManagedInfo]::new()
    $list = [System.Collections.Generic.List[object]]::new()
    foreach ($k in $script:FakeLast.get_Keys()) {
      $list.Add([pscustomobject]@{ Name = $k; Value = $script:FakeLast[$k] })
    }
    $info.Properties = $list.ToArray()
    throw [Activator]::CreateInstance($type, @($e.Message, $e.HResult, $info))
  }
}

function Get-LoopScope {
  param($Class)
  $path = $Class.Scope.Path
  return @{ Ns = $path.Substring($path.IndexOf([char]92, 2) + 1); Locale = [string]$Class.Scope.Options.Locale }
}

function ConvertTo-LoopManagedQualifiers {
  param($Of)
  $list = [System.Collections.Generic.List[object]]::new()
  foreach ($q in $Of.List) {
    $list.Add(@($q.name, $(if ($q.ContainsKey('wire')) { , $q.wire } else { , (ConvertTo-LoopValue $q.value) }), $q.flavor))
  }
  return , $list.ToArray()
}

function ConvertTo-LoopManagedProperties {
  param($Of, [bool] $All)
  $props = [System.Collections.Generic.List[object]]::new()
  foreach ($p in $Of.Map.get_Values()) {
    $set = $p.Value -isnot [Reflection.Missing]
    if ($set -or $All) {
      $wire = $null
      if ($set) {
        $wire = ConvertTo-LoopValue $p.Value
      }
      $props.Add([ordered]@{ n = $p.Name; t = [int]$p.Type; a = $p.IsArray; set = $set; v = $wire; keep = $p.Keep; q = (ConvertTo-LoopManagedQualifiers $p.Qualifiers) })
    }
  }
  return , $props.ToArray()
}

function ConvertTo-LoopManaged {
  param($Class)
  if ($Class.IsInstance) {
    return [ordered]@{ kind = 'instance'; class = $Class.Name; amended = $false; props = (ConvertTo-LoopManagedProperties $Class.Properties $false) }
  }
  $methods = [System.Collections.Generic.List[object]]::new()
  foreach ($m in $Class.Methods.Map.get_Values()) {
    $sides = @{ ins = @(); outs = @() }
    if ($null -ne $m.Ins) {
      $sides.ins = ConvertTo-LoopManagedProperties $m.Ins.Properties $true
    }
    if ($null -ne $m.Outs) {
      $sides.outs = ConvertTo-LoopManagedProperties $m.Outs.Properties $true
    }
    $methods.Add([ordered]@{ n = $m.Name; q = (ConvertTo-LoopManagedQualifiers $m.Qualifiers); ins = $sides.ins; outs = $sides.outs })
  }
  return [ordered]@{
    kind = 'class'
    class = $Class.Name
    super = $Class.Super
    amended = ($null -ne $Class.Reading -and $Class.Reading.UseAmendedQualifiers)
    props = (ConvertTo-LoopManagedProperties $Class.Properties $true)
    q = (ConvertTo-LoopManagedQualifiers $Class.Qualifiers)
    methods = $methods.ToArray()
  }
}

function Save-FakeManaged {
  param($Class, $Options)
  $flags = $Options.Flags
  if ($flags -eq 0) {
    $flags = [int]$Options.Type + 0x20000 * [int]$Options.UseAmendedQualifiers
  }
  $m = New-LoopMessage 'put' (Get-LoopScope $Class) @($flags, $Options.Context) 0
  $m.object = ConvertTo-LoopManaged $Class
  $answer = Send-LoopManaged $m
  return [pscustomobject]@{ Path = [string]$answer['path'] }
}

function Read-FakeManaged {
  param($Class)
  $m = New-LoopMessage 'get' (Get-LoopScope $Class) @(0x20000 * [int]$Class.Reading.UseAmendedQualifiers) 0
  $m.path = $Class.Name
  $json = (Send-LoopManaged $m)['object']
  $Class.Super = [string]$json['super']
  foreach ($p in $json['props']) {
    if ($p['own']) {
      $Class.Properties.Add([string]$p['n'], [System.Management.CimType][int]$p['t'], [bool]$p['a'])
      $made = $Class.Properties.Item([string]$p['n'])
      if ($p['set']) {
        $made.Value = ConvertFrom-LoopValue $null ([int]$p['t']) $p['v']
      }
      $made.Keep = [bool]$p['keep']
      Add-LoopManagedQualifiers $made.Qualifiers $p['q']
    }
  }
  Add-LoopManagedQualifiers $Class.Qualifiers $json['q']
  foreach ($one in $json['methods']) {
    $Class.Methods.Map[[string]$one['n']] = Read-LoopMethod $one
  }
}

function Add-LoopManagedQualifiers {
  param($To, $Json)
  foreach ($q in $Json) {
    $To.List.Add(@{ name = [string]$q[0]; wire = $q[1]; flavor = [int]$q[2] })
  }
}

function Read-LoopMethod {
  param($Json)
  $m = [FakeManagedMethod]::new()
  $m.Name = [string]$Json['n']
  Add-LoopManagedQualifiers $m.Qualifiers $Json['q']
  foreach ($side in 'Ins', 'Outs') {
    $list = $Json[$side.ToLowerInvariant()]
    if ($list.Length -gt 0) {
      $c = [FakeManagedClass]::new()
      $c.Name = '__PARAMETERS'
      foreach ($p in $list) {
        $c.Properties.Add([string]$p['n'], [System.Management.CimType][int]$p['t'], [bool]$p['a'])
        $made = $c.Properties.Item([string]$p['n'])
        if ($p['set']) {
          $made.Value = ConvertFrom-LoopValue $null ([int]$p['t']) $p['v']
        }
        Add-LoopManagedQualifiers $made.Qualifiers $p['q']
      }
      $m.$side = $c
    }
  }
  return $m
}

function Get-FakeManagedProperties {
  param($Class)
  $m = New-LoopMessage 'get' (Get-LoopScope $Class) @(0) 0
  $m.path = $Class.Name
  return , (New-LoopObject $null (Send-LoopManaged $m)['object']).Properties_
}
