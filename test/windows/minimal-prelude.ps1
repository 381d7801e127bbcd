# --- minimal prelude: WMI's objects with almost no cost, so that a benchmark measures the host and not its fake ---
class FreeObject {
  [string] $Path = '\\.\root\free:Free.Id="x"'
  [string] $RelPath = 'Free.Id="x"'
  [string] $Class = 'Free'
  [bool] $IsClass = $false
  [int] $ImpersonationLevel
  [int] $AuthenticationLevel
  [string] $Name = 'Id'
  [int] $CIMType = 8
  [bool] $IsArray = $false
  [object] $Value
  [FreeObject] $Path_
  [object] $Properties_
  [FreeObject] $Qualifiers_
  [FreeObject] $Security_
  [FreeObject] ConnectServer($server, $ns, $user, $secret, $locale, $authority, $flags) {
    return $this
  }
  [FreeObject] Get($path, $flags) {
    return $this
  }
  [FreeObject] SpawnInstance_($flags) {
    return $this
  }
  [FreeObject] SpawnDerivedClass_($flags) {
    return $this
  }
  [FreeObject] Item($name) {
    return $this.Path_
  }
  [FreeObject] Add($name, $type, $array) {
    return $this.Path_
  }
  [FreeObject] Add($name, $value, $sub, $inst, $over) {
    return $this.Path_
  }
  [FreeObject] Put($object, $flags) {
    return $this.Path_
  }
}

# The properties of the only class; a property that is set or added is always the same object.
class FreeProperties : System.Collections.IEnumerable {
  [object[]] $All
  [FreeObject] $One
  [System.Collections.IEnumerator] GetEnumerator() {
    return $this.All.GetEnumerator()
  }
  [FreeObject] Item($name) {
    return $this.One
  }
  [FreeObject] Add($name, $type, $array) {
    return $this.One
  }
}

$script:FreeOne = [FreeObject]::new()
$script:FreeOne.Path_ = [FreeObject]::new()
$script:FreeOne.Path_.Qualifiers_ = $script:FreeOne
$script:FreeOne.Properties_ = [FreeProperties]::new()
$script:FreeOne.Properties_.One = $script:FreeOne.Path_
$script:FreeOne.Properties_.All = foreach ($p in @('Id', 19), @('Short', 8), @('Long', 8), @('Size', 21), @('Enabled', 11), @('Changed', 101)) {
  $one = [FreeObject]::new()
  $one.Name = $p[0]
  $one.CIMType = $p[1]
  $one
}
$script:FreeOne.Qualifiers_ = $script:FreeOne
$script:FreeOne.Security_ = $script:FreeOne.Path_

function New-WmiObject {
  param($ProgId)
  if ($ProgId -ceq 'WbemScripting.SWbemLocator') {
    return , $script:FreeOne
  }
  throw 'nearly free objects have no ' + $ProgId
}

function New-ManagedObject {
  param([string] $Kind, $First, $Second, $Third)
  throw 'nearly free objects have no ' + $Kind
}

function Get-HostLimits {
  return @{ LeaseSeconds = 300; EofGraceMs = 1500; Managed = $false }
}
