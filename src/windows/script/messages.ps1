# --- core: fields of a message; a field of another type fails with BadValue ---
function Read-Message {
  param($Line)
  try {
    return , (& $script:ReadJson $Line)
  }
  catch {
    throw (New-HostError 'BadLine' $_.Exception.Message)
  }
}

function Get-Field {
  param($Map, [string] $Key, $Default)
  if ($Map.ContainsKey($Key)) {
    return , $Map[$Key]
  }
  return , $Default
}

function Get-Text {
  param($Map, [string] $Key, $Default)
  if (-not $Map.ContainsKey($Key)) {
    return $Default
  }
  $v = $Map[$Key]
  if ($v -isnot [string]) {
    throw (New-HostError 'BadValue' ($Key + ' is no text'))
  }
  return $v
}

function Get-Name {
  param($Map, [string] $Key)
  $v = Get-Text $Map $Key ''
  if ($v.Length -eq 0) {
    throw (New-HostError 'BadValue' ($Key + ' is missing'))
  }
  return $v
}

function Get-Flag {
  param($Map, [string] $Key)
  if (-not $Map.ContainsKey($Key)) {
    return $false
  }
  $v = $Map[$Key]
  if ($v -isnot [bool]) {
    throw (New-HostError 'BadValue' ($Key + ' is no boolean'))
  }
  return $v
}

function Get-Number {
  param($Map, [string] $Key, [int] $Default)
  if (-not $Map.ContainsKey($Key)) {
    return $Default
  }
  $v = $Map[$Key]
  if ($v -isnot [ValueType] -or $v -is [bool]) {
    throw (New-HostError 'BadValue' ($Key + ' is no number'))
  }
  $d = [double]$v
  if ([Math]::Floor($d) -ne $d -or $d -lt -2147483648 -or $d -gt 2147483647) {
    throw (New-HostError 'BadValue' ($Key + ' is no 32-bit integer'))
  }
  return [int]$d
}

function Get-Map {
  param($Map, [string] $Key)
  $v = Get-Field $Map $Key $null
  if ($v -isnot [Collections.IDictionary]) {
    throw (New-HostError 'BadValue' ($Key + ' is no object'))
  }
  return , $v
}

# A list whose elements are all of the type $Of.
function Get-List {
  param($Map, [string] $Key, $Of)
  $v = Get-Field $Map $Key ([object[]]::new(0))
  if ($v -isnot [array]) {
    throw (New-HostError 'BadValue' ($Key + ' is no array'))
  }
  foreach ($x in $v) {
    if ($x -isnot $Of) {
      throw (New-HostError 'BadValue' ($Key + ' holds something else'))
    }
  }
  return , $v
}

# Fails for unknown bits and for bits that exclude each other; removes ReturnImmediately and SendStatus.
function Get-WireFlags {
  param($M, [int] $Allowed)
  $f = Get-Number $M 'flags' 0
  if (($f -band (-bnot $Allowed)) -ne 0 -or ($f -band 0x3) -eq 0x3 -or ($f -band 0x60) -eq 0x60) {
    throw (New-HostError 'InvalidFlags' ('0x' + $f.ToString('x', $script:Inv)))
  }
  return $f -band (-bnot 0x90)
}

