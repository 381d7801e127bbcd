# --- core: puts of classes with methods or amended qualifiers, through System.Management ---
# The types of the variables of this part; a test looks up every member that is used. psbase, because a property of the class may
# have the name of a member.
#   $connection ConnectionOptions      $scope ManagementScope      $reading ObjectGetOptions
#   $class ManagementClass             $parent ManagementClass     $copy ManagementClass
#   $instance ManagementObject         $writing PutOptions         $stored ManagementPath
#   $named ManagementNamedValueCollection                          $qualifiers QualifierDataCollection
#   $properties PropertyDataCollection $property PropertyData      $methods MethodDataCollection
#   $method MethodData                 $refusal ManagementException
#   $information ManagementBaseObject  $ins ManagementBaseObject   $outs ManagementBaseObject
function New-ManagedConnection {
  param($At)
  [void][Reflection.Assembly]::Load('System.Management, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a')
  $connection = New-ManagedObject 'ConnectionOptions'
  $connection.Impersonation = [System.Management.ImpersonationLevel]$At.imp
  $connection.Authentication = [System.Management.AuthenticationLevel]$At.auth
  $connection.EnablePrivileges = ($At.privileges.Length -gt 0)
  if ($At.locale.Length -gt 0) {
    $connection.Locale = $At.locale
  }
  if ($At.authority.Length -gt 0) {
    $connection.Authority = $At.authority
  }
  if ($At.user.Length -gt 0) {
    $connection.Username = $At.user
  }
  return , $connection
}

function Get-ManagedScope {
  param($C)
  if ($null -eq $C.Scope) {
    if ($null -eq $C.Options) {
      $C.Options = New-ManagedConnection $C.At
    }
    $C.Scope = New-ManagedObject 'ManagementScope' ('\\' + $C.At.server + '\' + $C.At.ns) $C.Options
  }
  return , $C.Scope
}

function Save-ManagedClass {
  param($C, $M, $Spec, [int] $Wire)
  $name = Get-Text $Spec 'name' ''
  $scope = Get-ManagedScope $C
  $writing = New-ManagedPutOptions $M $Wire
  $parent = $null
  $class = $null
  try {
    if ((Get-Text $Spec 'mode' 'define') -ceq 'amend') {
      $reading = New-ManagedObject 'ObjectGetOptions'
      $reading.UseAmendedQualifiers = (($Wire -band 0x20000) -ne 0)
      $class = New-ManagedObject 'ManagementClass' $scope $name $reading
      $class.psbase.Get()
      Remove-ManagedMembers $class $Spec
    }
    elseif ($Spec.ContainsKey('super')) {
      $parent = New-ManagedObject 'ManagementClass' $scope (Get-Name $Spec 'super') $null
      $class = New-ManagedDerived $parent $name (Get-Name $Spec 'super')
    }
    else {
      $class = New-ManagedObject 'ManagementClass' $scope '' $null
      if ($name.Length -gt 0) {
        $class.psbase.SetPropertyValue('__CLASS', $name)
      }
    }
    $properties = $class.psbase.Properties
    foreach ($p in (Get-List $Spec 'props' ([Collections.IDictionary]))) {
      Add-ManagedProperty $C $properties $p (Get-List $p 'quals' ([Collections.IDictionary])) $null
    }
    Add-ManagedQualifiers $class.psbase.Qualifiers (Get-List $Spec 'quals' ([Collections.IDictionary])) $null
    foreach ($m in (Get-List $Spec 'methods' ([Collections.IDictionary]))) {
      Add-ManagedMethod $C $class $m
    }
    $stored = $class.psbase.Put($writing)
    if ($null -eq $stored) {
      throw (New-HostError 'NoPath' 'the put returned nothing')
    }
    return [string]$stored.Path
  }
  finally {
    if ($null -ne $class) {
      $class.psbase.Dispose()
    }
    if ($null -ne $parent) {
      $parent.psbase.Dispose()
    }
  }
}

function New-ManagedDerived {
  param($Parent, [string] $Name, [string] $Super)
  try {
    return , $parent.psbase.Derive($Name)
  }
  catch {
    throw (Add-Where $_ 'superclass' $Super)
  }
}

# PutOptions exposes three bits. Its base class keeps the whole flag word, with safe and force mode, in a property that is not public.
# Type adds bits and clears none, so it is set at most once, and not at all when the whole word is set.
function New-ManagedPutOptions {
  param($M, [int] $Wire)
  $writing = New-ManagedObject 'PutOptions'
  if (($Wire -band 0x60) -ne 0) {
    $hidden = $writing.GetType().GetProperty('Flags', [Reflection.BindingFlags]'Instance, Public, NonPublic')
    if ($null -eq $hidden -or -not $hidden.CanWrite) {
      throw (New-HostError 'UnsupportedFlags' ('0x' + $Wire.ToString('x', $script:Inv)))
    }
    $hidden.SetValue($writing, $Wire, $null)
  }
  else {
    if (($Wire -band 1) -ne 0) {
      $writing.Type = [System.Management.PutType]::UpdateOnly
    }
    elseif (($Wire -band 2) -ne 0) {
      $writing.Type = [System.Management.PutType]::CreateOnly
    }
    if (($Wire -band 0x20000) -ne 0) {
      $writing.UseAmendedQualifiers = $true
    }
  }
  $named = $writing.Context
  foreach ($n in (Get-List $M 'ctx' ([Collections.IDictionary]))) {
    $named.Add((Get-Name $n 'n'), (ConvertTo-PlainValue $n))
  }
  return , $writing
}

function Remove-ManagedMembers {
  param($Class, $Spec)
  if (-not $Spec.ContainsKey('drop')) {
    return
  }
  $drop = Get-Map $Spec 'drop'
  $properties = $class.psbase.Properties
  foreach ($name in (Get-List $drop 'props' ([string]))) {
    try {
      $properties.Remove($name)
    }
    catch {
      throw (Add-Where $_ 'property' $name)
    }
  }
  $qualifiers = $class.psbase.Qualifiers
  foreach ($name in (Get-List $drop 'quals' ([string]))) {
    try {
      $qualifiers.Remove($name)
    }
    catch {
      throw (Add-Where $_ 'qualifier' $name)
    }
  }
}

# Add returns nothing, so the new member is read by its name.
function Add-ManagedProperty {
  param($C, $Properties, $P, $Quals, $More)
  $name = Get-Name $P 'n'
  try {
    $type = Get-CimType $P
    $array = Get-Flag $P 'a'
    if (-not (Get-Flag $P 'keep')) {
      $properties.Add($name, [System.Management.CimType]$type, [bool]$array)
    }
    $property = $properties.Item($name)
    if ($P.ContainsKey('d')) {
      $property.Value = ConvertTo-ManagedValue $C $type $array $P['d'] 0
    }
    $qualifiers = $property.Qualifiers
    $text = Get-CimTypeText $P
    if ($null -ne $text) {
      $qualifiers.Add('CIMTYPE', $text, $false, $true, $true, $true)
    }
    Add-ManagedQualifiers $qualifiers $Quals $More
  }
  catch {
    throw (Add-Where $_ 'property' $name)
  }
}

# System.Management takes the flavours in another order: amended, to instances, to subclasses, overridable.
function Add-ManagedQualifiers {
  param($Qualifiers, $Quals, $Given)
  foreach ($q in $Quals) {
    $name = Get-Name $q 'n'
    if ($null -ne $Given -and $Given.Contains($name)) {
      continue
    }
    try {
      $f = Get-Number $q 'f' 0
      $qualifiers.Add($name, (ConvertTo-ManagedPlain $q), (($f -band 0x80) -ne 0), (($f -band 1) -ne 0), (($f -band 2) -ne 0), (($f -band 16) -eq 0))
    }
    catch {
      throw (Add-Where $_ 'qualifier' $name)
    }
  }
}

# System.Management takes the type of a list from its first element, so an empty list must be typed.
function ConvertTo-ManagedPlain {
  param($Q)
  $made = ConvertTo-PlainValue $Q
  if ($made -isnot [array] -or $made.Length -gt 0) {
    return , $made
  }
  switch -CaseSensitive (Get-Text $Q 'k' '') {
    'i' {
      return , [int32[]]::new(0)
    }
    'b' {
      return , [bool[]]::new(0)
    }
    'r' {
      return , [double[]]::new(0)
    }
    default {
      return , [string[]]::new(0)
    }
  }
}

function Add-ManagedMethod {
  param($C, $Class, $M)
  $name = Get-Name $M 'n'
  try {
    $ins = New-ManagedParameters $C (Get-List $M 'ins' ([Collections.IDictionary])) 'in'
    $outs = New-ManagedParameters $C (Get-List $M 'outs' ([Collections.IDictionary])) 'out'
    $methods = $class.psbase.Methods
    $methods.Add($name, $ins, $outs)
    $method = $methods.Item($name)
    Add-ManagedQualifiers $method.Qualifiers (Get-List $M 'quals' ([Collections.IDictionary])) $null
  }
  catch {
    throw (Add-Where $_ 'method' $name)
  }
}

# A copy of the system class __PARAMETERS with a property for each parameter, its ID and its direction.
function New-ManagedParameters {
  param($C, $Params, [string] $Direction)
  if ($Params.Length -eq 0) {
    return , $null
  }
  $scope = Get-ManagedScope $C
  $copy = New-ManagedObject 'ManagementClass' $scope '__PARAMETERS' $null
  $properties = $copy.psbase.Properties
  $given = [System.Collections.Generic.HashSet[string]]::new([string[]]@('ID', 'in', 'out'), [StringComparer]::OrdinalIgnoreCase)
  foreach ($p in $Params) {
    Add-ManagedProperty $C $properties $p (Get-List $p 'quals' ([Collections.IDictionary])) $given
    $property = $properties.Item((Get-Name $p 'n'))
    $qualifiers = $property.Qualifiers
    # A direction has no flavour; an ID propagates to instances and is not overridable.
    $qualifiers.Add((Get-Text $p $Direction $Direction), $true, $false, $false, $false, $true)
    if ($p.ContainsKey('at')) {
      $qualifiers.Add('ID', (Get-Number $p 'at' 0), $false, $true, $false, $false)
    }
  }
  return , $copy
}

# System.Management takes the exact types and makes its own VARIANT.
function ConvertTo-ManagedValue {
  param($C, [int] $Cim, [bool] $IsArray, $V, [int] $Depth)
  if ($null -eq $V) {
    return , $null
  }
  if (-not $IsArray) {
    return , (ConvertTo-ManagedScalar $C $Cim $V $Depth)
  }
  if ($V -isnot [array]) {
    throw (New-HostError 'BadValue' 'an array is needed')
  }
  $list = [object[]]::new($V.Length)
  for ($i = 0; $i -lt $list.Length; $i++) {
    if ($null -eq $V[$i]) {
      throw (New-HostError 'BadValue' 'null in an array')
    }
    $list[$i] = (ConvertTo-ManagedScalar $C $Cim $V[$i] $Depth).psobject.BaseObject
  }
  return , $list
}

function ConvertTo-ManagedScalar {
  param($C, [int] $Cim, $V, [int] $Depth)
  if ($Cim -eq 13) {
    return , (New-ManagedInstance $C $V ($Depth + 1))
  }
  $made = ConvertTo-WmiScalar $C $Cim $V $Depth
  switch ($Cim) {
    16 {
      return [sbyte]$made
    }
    18 {
      return [uint16]$made
    }
    19 {
      return [uint32]::Parse($V, $script:Inv)
    }
    20 {
      return [int64]::Parse($V, $script:Inv)
    }
    21 {
      return [uint64]::Parse($V, $script:Inv)
    }
    103 {
      return [char][uint16]::Parse($V, $script:Inv)
    }
    default {
      return $made
    }
  }
}

function New-ManagedInstance {
  param($C, $V, [int] $Depth)
  if ($Depth -gt 16) {
    throw (New-HostError 'Depth' 'embedded objects nested too deep')
  }
  if ($V -isnot [Collections.IDictionary]) {
    throw (New-HostError 'BadValue' 'an object is needed')
  }
  $scope = Get-ManagedScope $C
  $class = New-ManagedObject 'ManagementClass' $scope (Get-Name $V 'class') $null
  try {
    $instance = $class.psbase.CreateInstance()
  }
  catch {
    throw (Add-Where $_ 'class' (Get-Name $V 'class'))
  }
  $properties = $instance.psbase.Properties
  foreach ($p in (Get-List $V 'props' ([Collections.IDictionary]))) {
    $name = Get-Name $p 'n'
    try {
      $property = $properties.Item($name)
      $type = Get-Number $p 't' ([int]$property.Type)
      $array = $property.IsArray
      if ($p.ContainsKey('a')) {
        $array = Get-Flag $p 'a'
      }
      $property.Value = ConvertTo-ManagedValue $C $type $array $p['v'] $Depth
    }
    catch {
      throw (Add-Where $_ 'property' $name)
    }
  }
  return , $instance
}

