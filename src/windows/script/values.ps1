# --- core: values by CIM type number; integers and reals are decimal text in messages ---
function ConvertTo-WmiValue {
  param($C, [int] $Cim, [bool] $IsArray, $V, [int] $Depth = 0)
  if ($null -eq $V) {
    return , [DBNull]::Value
  }
  if (-not $IsArray) {
    return , (ConvertTo-WmiScalar $C $Cim $V $Depth)
  }
  if ($V -isnot [array]) {
    throw (New-HostError 'BadValue' 'an array is needed')
  }
  $list = [object[]]::new($V.Length)
  for ($i = 0; $i -lt $list.Length; $i++) {
    if ($null -eq $V[$i]) {
      throw (New-HostError 'BadValue' 'null in an array')
    }
    $list[$i] = (ConvertTo-WmiScalar $C $Cim $V[$i] $Depth).psobject.BaseObject
  }
  return , $list
}

# Converts a value to the type that a VARIANT for WMI must hold. The parse of the exact type fails for a value that does not fit.
function ConvertTo-WmiScalar {
  param($C, $Cim, $V, $Depth)
  if ($Cim -eq 11) {
    if ($V -isnot [bool]) {
      throw (New-HostError 'BadValue' 'a boolean is needed')
    }
    return $V
  }
  if ($Cim -eq 13) {
    return , (New-EmbeddedObject $C $V ($Depth + 1))
  }
  if ($V -isnot [string]) {
    throw (New-HostError 'BadValue' 'a text is needed')
  }
  switch ($Cim) {
    8 {
      return $V
    }
    19 {
      return [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]::Parse($V, $script:Inv)), 0)
    }
    3 {
      return [int32]::Parse($V, $script:Inv)
    }
    18 {
      return [int32][uint16]::Parse($V, $script:Inv)
    }
    2 {
      return [int16]::Parse($V, $script:Inv)
    }
    16 {
      return [int16][sbyte]::Parse($V, $script:Inv)
    }
    17 {
      return [byte]::Parse($V, $script:Inv)
    }
    20 {
      return [int64]::Parse($V, $script:Inv).ToString($script:Inv)
    }
    21 {
      return [uint64]::Parse($V, $script:Inv).ToString($script:Inv)
    }
    4 {
      $x = [single]::Parse($V, $script:Real, $script:Inv)
      if ([single]::IsInfinity($x) -or [single]::IsNaN($x)) {
        throw (New-HostError 'BadValue' 'not a finite real32')
      }
      return $x
    }
    5 {
      $x = [double]::Parse($V, $script:Real, $script:Inv)
      if ([double]::IsInfinity($x) -or [double]::IsNaN($x)) {
        throw (New-HostError 'BadValue' 'not a finite real64')
      }
      return $x
    }
    103 {
      return [BitConverter]::ToInt16([BitConverter]::GetBytes([uint16]::Parse($V, $script:Inv)), 0)
    }
    101 {
      return $V
    }
    102 {
      return $V
    }
    default {
      throw (New-HostError 'BadValue' ('no CIM type ' + $Cim.ToString($script:Inv)))
    }
  }
}

function Get-CimType {
  param($Map)
  $t = Get-Number $Map 't' 0
  if (-not $script:CimTypes.Contains($t)) {
    throw (New-HostError 'BadValue' ('no CIM type ' + $t.ToString($script:Inv)))
  }
  return $t
}

# Values of qualifiers and contexts: text, 32-bit integer, boolean, 64-bit real, or an array of one of them.
function ConvertTo-PlainValue {
  param($N)
  $kind = Get-Text $N 'k' ''
  $code = switch -CaseSensitive ($kind) {
    's' {
      8
    }
    'i' {
      3
    }
    'b' {
      11
    }
    'r' {
      5
    }
    default {
      throw (New-HostError 'BadValue' ('no kind ' + $kind))
    }
  }
  return , (ConvertTo-WmiValue $null $code (Get-Flag $N 'a') (Get-Field $N 'v' $null))
}

function ConvertFrom-WmiValue {
  param([int] $Cim, [bool] $IsArray, $V, [int] $Depth)
  if ($null -eq $V -or $V -is [DBNull]) {
    return , $null
  }
  if (-not $IsArray) {
    return , (ConvertFrom-WmiScalar $Cim $V $Depth)
  }
  if ($V -isnot [array]) {
    return , ([object[]]@((ConvertFrom-WmiScalar $Cim $V $Depth)))
  }
  $list = [object[]]::new($V.Length)
  for ($i = 0; $i -lt $list.Length; $i++) {
    $list[$i] = ConvertFrom-WmiScalar $Cim $V[$i] $Depth
  }
  return , $list
}

function ConvertFrom-WmiScalar {
  param([int] $Cim, $V, [int] $Depth)
  if ($null -eq $V -or $V -is [DBNull]) {
    return $null
  }
  switch ($Cim) {
    19 {
      $n = [int64]$V
      if ($n -lt 0) {
        $n += 4294967296
      }
      return $n.ToString($script:Inv)
    }
    103 {
      return (([int]$V) -band 0xffff).ToString($script:Inv)
    }
    4 {
      return ([single]$V).ToString('G9', $script:Inv)
    }
    5 {
      return ([double]$V).ToString('G17', $script:Inv)
    }
    11 {
      return [bool]$V
    }
    13 {
      try {
        return Read-Object $V 'json' ($Depth + 1)
      }
      finally {
        Clear-Com $V
      }
    }
    default {
      return [string]$V
    }
  }
}

