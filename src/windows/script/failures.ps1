# --- core: failures ---
function New-HostError {
  param([string] $Code, [string] $Message)
  $e = [InvalidOperationException]::new($Message)
  $e.Data['ewmi'] = $Code
  return $e
}

# Adds where a failure happened. Text only, because on 5.1 Exception.Data may refuse other types. Names are joined from the inside out.
function Add-Where {
  param($Record, [string] $Kind, [string] $Name)
  $d = $Record.Exception.Data
  $key = 'ewmi.' + $Kind
  if ($d.Contains($key)) {
    $d[$key] = $Name + '.' + $d[$key]
  }
  else {
    $d[$key] = $Name
  }
  return $Record
}

# The most specific HRESULT of an exception chain: of WMI, else of Windows or RPC, else of dispatch, else of any COM failure, else of
# the innermost exception. The types of the exceptions carry no other information.
function Get-Status {
  param($Exception)
  $out = @{ Rank = 0; Hex = ''; Message = ''; Info = $null }
  $e = $Exception
  while ($null -ne $e) {
    $h = $e.HResult
    if ($e.GetType().FullName -ceq 'System.Management.ManagementException') {
      $refusal = $e
      $h = [int]$refusal.ErrorCode
      $out.Info = $refusal.ErrorInformation
    }
    $hex = $h.ToString('X8', $script:Inv)
    $r = 1
    if ($hex -cmatch '^8004[1-4]') {
      $r = 5
    }
    elseif ($hex -cmatch '^800[17]') {
      $r = 4
    }
    elseif ($hex -cmatch '^8002') {
      $r = 3
    }
    elseif ($e -is [Runtime.InteropServices.COMException]) {
      $r = 2
    }
    if ($r -gt $out.Rank -or ($r -eq 1 -and $out.Rank -eq 1)) {
      $out.Rank = $r
      $out.Hex = $hex
      $out.Message = $e.Message
    }
    $e = $e.InnerException
  }
  return $out
}

function Get-Failure {
  param($Record)
  $where = [ordered]@{}
  $out = [ordered]@{ kind = 'host' }
  $code = $null
  $message = ''
  $e = $Record.Exception
  while ($null -ne $e) {
    foreach ($k in 'class', 'superclass', 'property', 'qualifier', 'method') {
      if ($e.Data.Contains('ewmi.' + $k)) {
        $where[$k] = $e.Data['ewmi.' + $k]
      }
    }
    if ($e.Data.Contains('ewmi')) {
      $code = [string]$e.Data['ewmi']
      $message = $e.Message
    }
    $e = $e.InnerException
  }
  $status = $null
  if ($null -ne $code) {
    $out.code = $code
  }
  else {
    $found = Get-Status $Record.Exception
    $message = $found.Message
    if ($found.Rank -ge 2) {
      $out.kind = @('windows', 'dispatch', 'windows', 'wmi')[$found.Rank - 2]
      $out.hresult = $found.Hex
      if ($found.Rank -eq 5) {
        $status = Get-ExtendedStatus $found.Info
      }
    }
    elseif ($found.Hex -ceq '80131516' -or $found.Hex -ceq '80131537') {
      $out.code = 'BadValue'
    }
    else {
      $out.code = 'Script'
      $message = $message + ' ' + $Record.ScriptStackTrace
    }
  }
  $out.message = $message
  if ($where.Count -gt 0) {
    $out.where = $where
  }
  if ($null -ne $status -and $status.Count -gt 0) {
    $out.status = $status
  }
  return $out
}

# Must be the first WMI call after a failure, because another call removes the information. Often there is none.
function Get-ExtendedStatus {
  param($Information)
  $o = $null
  $set = $null
  try {
    if ($null -ne $Information) {
      $properties = $Information.psbase.Properties
      return Read-Status $properties
    }
    $o = New-WmiObject 'WbemScripting.SWbemLastError'
    if ($null -eq $o) {
      return $null
    }
    $set = $o.Properties_
    return Read-Status $set
  }
  catch {
    return $null
  }
  finally {
    Clear-Com $set
    Clear-Com $o
  }
}

$script:StatusNames = @{
  Operation = 'operation'
  ParameterInfo = 'parameter'
  ProviderName = 'provider'
  Description = 'description'
  StatusCode = 'statusCode'
}

function Read-Status {
  param($Set)
  $out = [ordered]@{}
  foreach ($p in $Set) {
    $key = $script:StatusNames[[string]$p.Name]
    $v = $p.Value
    if ($null -ne $key -and $null -ne $v -and $v -isnot [DBNull]) {
      $out[$key] = [string]$v
    }
    Clear-Com $p
  }
  return $out
}
