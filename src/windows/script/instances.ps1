# --- core: puts of instances, through the scripting objects ---
function Invoke-PutInstance {
  param($M)
  $c = Get-Connection $M
  $flags = Get-WireFlags $M (Get-PutFlagMask)
  $item = Get-Map $M 'item'
  $probe = Get-Flag $M 'probe'
  $classes = [hashtable]::new([StringComparer]::OrdinalIgnoreCase)
  $ctx = New-Context $M
  try {
    $out = [ordered]@{ path = '' }
    $out.path = Save-Instance $c $item $flags $ctx $classes $probe $out
    return $out
  }
  finally {
    foreach ($k in $classes.get_Values()) {
      Clear-Com $k
    }
    Clear-Com $ctx
  }
}

function Invoke-PutMany {
  param($M, $Id)
  $c = Get-Connection $M
  $flags = Get-WireFlags $M (Get-PutFlagMask)
  $items = Get-List $M 'items' ([Collections.IDictionary])
  $stop = Get-Flag $M 'stopOnError'
  $probe = Get-Flag $M 'probe'
  $classes = [hashtable]::new([StringComparer]::OrdinalIgnoreCase)
  $key = [string]$Id
  $parts = New-Parts 'items' $Id 32
  $done = 0
  $probed = @{ was = $null }
  $ctx = New-Context $M
  try {
    foreach ($item in $items) {
      if ($script:Shared.Cancelled.ContainsKey($key)) {
        break
      }
      $failure = $null
      try {
        $probed.was = $null
        $path = Save-Instance $c $item $flags $ctx $classes $probe $probed
      }
      catch {
        $failure = Get-Failure $_
      }
      $done++
      if ($null -eq $failure) {
        Add-PathPart $parts $path $probed.was
        continue
      }
      Add-Part $parts ([ordered]@{ ok = $false; error = $failure })
      if ($stop) {
        break
      }
    }
    Send-Parts $parts
  }
  finally {
    foreach ($k in $classes.get_Values()) {
      Clear-Com $k
    }
    Clear-Com $ctx
  }
  return [ordered]@{ done = $done; total = $items.Length }
}

# Reads one class object per request and class name, whatever the number of items. The result of the probe goes into $Out.
function Save-Instance {
  param($C, $Item, [int] $Wire, $Ctx, $Classes, [bool] $Probe, $Out)
  $name = [string]$Item['class']
  if ($name.Length -eq 0) {
    throw (New-HostError 'BadValue' 'an instance needs a class')
  }
  $cls = $Classes[$name]
  if ($null -eq $cls) {
    $cls = Get-Class $C $name 'class'
    $Classes[$name] = $cls
  }
  $obj = $null
  try {
    $obj = $cls.SpawnInstance_(0)
    Set-Properties $C $obj $Item['props'] 0
    if ($Probe) {
      $was = Test-Stored $C (Get-KeyPath $obj)
      if ($null -ne $was) {
        $Out.was = $was
      }
    }
    return Save-Object $C $obj $Wire $Ctx
  }
  finally {
    Clear-Com $obj
  }
}

# Reads a class that another object needs. Its absence is reported differently from the absence of the object itself.
function Get-Class {
  param($C, [string] $Name, [string] $Role)
  try {
    return , $C.Svc.Get($Name, 0)
  }
  catch {
    throw (Add-Where $_ $Role $Name)
  }
}

# Which method stores the object is decided by HasPut and not by a first attempt, because a failed attempt might have written.
function Save-Object {
  param($C, $Obj, [int] $Wire, $Ctx)
  $p = $null
  if ($C.HasPut -and $null -eq $Ctx) {
    $p = $C.Svc.Put($Obj, $Wire)
  }
  elseif ($C.HasPut) {
    $p = $C.Svc.Put($Obj, $Wire, $Ctx)
  }
  elseif ($null -eq $Ctx) {
    $p = $Obj.Put_($Wire)
  }
  else {
    $p = $Obj.Put_($Wire, $Ctx)
  }
  if ($null -eq $p) {
    throw (New-HostError 'NoPath' 'the put returned nothing')
  }
  try {
    return [string]$p.Path
  }
  finally {
    Clear-Com $p
  }
}

# The path of an object that is not stored yet, from its keys; empty if the keys do not determine it.
function Get-KeyPath {
  param($Obj)
  $path = $null
  try {
    $path = $Obj.Path_
    $rel = [string]$path.RelPath
    if ($rel.IndexOf([char]'=') -lt 0) {
      return ''
    }
    return $rel
  }
  catch {
    return ''
  }
  finally {
    Clear-Com $path
  }
}

# Whether an object is stored under a path; null if that cannot be found out. The look is not atomic with the put.
function Test-Stored {
  param($C, [string] $Path)
  if ($Path.Length -eq 0) {
    return $null
  }
  try {
    $old = $C.Svc.Get($Path, 0)
    Clear-Com $old
    return $true
  }
  catch {
    if ((Get-Status $_.Exception).Hex -ceq '80041002') {
      return $false
    }
    return $null
  }
}

function Set-Properties {
  param($C, $Obj, $Props, [int] $Depth)
  if ($Props -isnot [array]) {
    throw (New-HostError 'BadValue' 'props is no array')
  }
  $set = $Obj.Properties_
  try {
    foreach ($p in $Props) {
      if ($p -isnot [Collections.IDictionary]) {
        throw (New-HostError 'BadValue' 'props holds something else')
      }
      $name = [string]$p['n']
      $prop = $null
      try {
        $prop = $set.Item($name)
        if ($p.ContainsKey('t')) {
          $t = $p['t']
          if ($t -isnot [double] -and $t -isnot [int]) {
            throw (New-HostError 'BadValue' 't is no number')
          }
          $type = [int]$t
          if ($type -ne $t) {
            throw (New-HostError 'BadValue' 't is no integer')
          }
        }
        else {
          $type = [int]$prop.CIMType
        }
        if ($p.ContainsKey('a')) {
          $array = $p['a']
          if ($array -isnot [bool]) {
            throw (New-HostError 'BadValue' 'a is no boolean')
          }
        }
        else {
          $array = [bool]$prop.IsArray
        }
        $v = $p['v']
        if (-not $array -and $null -ne $v -and $type -ne 13) {
          if ($v -is [string] -and $script:TextTypes.Contains($type)) {
            $prop.Value = $v
          }
          else {
            $prop.Value = ConvertTo-WmiScalar $C $type $v $Depth
          }
        }
        else {
          $made = ConvertTo-WmiValue $C $type $array $v $Depth
          $prop.Value = $made
          if ($type -eq 13) {
            Clear-Embedded $made
          }
        }
      }
      catch {
        throw (Add-Where $_ 'property' $name)
      }
      finally {
        # Clear-Com inlined, because the function call costs more than the release.
        if ($null -ne $prop -and [Runtime.InteropServices.Marshal]::IsComObject($prop)) {
          [void][Runtime.InteropServices.Marshal]::FinalReleaseComObject($prop)
        }
      }
    }
  }
  finally {
    Clear-Com $set
  }
}

function New-EmbeddedObject {
  param($C, $V, [int] $Depth)
  if ($Depth -gt 16) {
    throw (New-HostError 'Depth' 'embedded objects nested too deep')
  }
  if ($V -isnot [Collections.IDictionary]) {
    throw (New-HostError 'BadValue' 'an object is needed')
  }
  $obj = $null
  $cls = Get-Class $C (Get-Name $V 'class') 'class'
  try {
    $obj = $cls.SpawnInstance_(0)
    Set-Properties $C $obj (Get-Field $V 'props' $null) $Depth
    return , $obj
  }
  catch {
    Clear-Com $obj
    throw
  }
  finally {
    Clear-Com $cls
  }
}

# The property keeps a copy of the embedded object.
function Clear-Embedded {
  param($Made)
  if ($Made -is [array]) {
    foreach ($o in $Made) {
      Clear-Com $o
    }
    return
  }
  Clear-Com $Made
}

