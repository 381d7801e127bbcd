# --- core: connections, contexts, release of objects ---
# The secret is removed from the message at once and kept in one variable until the connection is made.
function Open-Connection {
  param($M)
  $secret = Get-Text $M 'secret' ''
  [void]$M.Remove('secret')
  $at = @{
    server = (Get-Text $M 'server' '.')
    ns = (Get-Name $M 'ns')
    user = (Get-Text $M 'user' '')
    locale = (Get-Text $M 'locale' '')
    authority = (Get-Text $M 'authority' '')
    imp = (Get-Number $M 'imp' 3)
    auth = (Get-Number $M 'auth' 6)
    privileges = (Get-List $M 'privileges' ([string]))
  }
  $connection = $null
  $svc = $null
  $ready = $false
  $loc = New-WmiObject 'WbemScripting.SWbemLocator'
  try {
    Set-Security $loc $at
    $svc = $loc.ConnectServer($at.server, $at.ns, $at.user, $secret, $at.locale, $at.authority, 128)
    if ($null -eq $svc) {
      throw (New-HostError 'NoPath' 'the connection returned nothing')
    }
    Set-Security $svc $at
    Add-Privileges $svc $at.privileges
    if ($script:Managed -and $at.user.Length -gt 0) {
      $connection = New-ManagedConnection $at
      $connection.Password = $secret
    }
    $ready = $true
  }
  finally {
    $secret = $null
    Clear-Com $loc
    if (-not $ready) {
      Clear-Com $svc
    }
  }
  $c = $script:NextConn
  $script:NextConn++
  $hasPut = $null -ne $svc.PSObject.Methods['Put']
  $script:Conns[$c] = @{ Svc = $svc; HasPut = $hasPut; At = $at; Options = $connection; Scope = $null }
  return [ordered]@{ c = $c; server = $at.server; ns = $at.ns; hasPut = $hasPut }
}

function Set-Security {
  param($O, $At)
  $security = $O.Security_
  try {
    $security.ImpersonationLevel = $At.imp
    $security.AuthenticationLevel = $At.auth
  }
  finally {
    Clear-Com $security
  }
}

function Add-Privileges {
  param($Svc, $Names)
  if ($Names.Length -eq 0) {
    return
  }
  $security = $Svc.Security_
  $set = $security.Privileges
  try {
    foreach ($name in $Names) {
      $added = $set.AddAsString($name, $true)
      Clear-Com $added
    }
  }
  finally {
    Clear-Com $set
    Clear-Com $security
  }
}

function Get-Connection {
  param($M)
  $c = $script:Conns[(Get-Number $M 'c' 0)]
  if ($null -eq $c) {
    throw (New-HostError 'BadValue' 'no such connection')
  }
  return $c
}

function Close-Connection {
  param($M)
  $c = Get-Connection $M
  $script:Conns.Remove((Get-Number $M 'c' 0))
  Clear-Com $c.Svc
  return @{}
}

function New-Context {
  param($M)
  if (-not $M.ContainsKey('ctx')) {
    return , $null
  }
  $set = New-WmiObject 'WbemScripting.SWbemNamedValueSet'
  foreach ($n in (Get-List $M 'ctx' ([Collections.IDictionary]))) {
    $added = $set.Add((Get-Name $n 'n'), (ConvertTo-PlainValue $n))
    Clear-Com $added
  }
  return , $set
}

# Objects are released here and not by the finaliser, because the apartment pumps no messages while a call waits.
function Clear-Com {
  param($O)
  if ($null -ne $O -and [Runtime.InteropServices.Marshal]::IsComObject($O)) {
    [void][Runtime.InteropServices.Marshal]::FinalReleaseComObject($O)
  }
}

