# --- core: get, delete, query ---
function Invoke-Get {
  param($M)
  $c = Get-Connection $M
  $flags = Get-WireFlags $M 0x20000
  $form = Get-Form $M
  $path = Get-Text $M 'path' ''
  $obj = $null
  $ctx = New-Context $M
  try {
    if ($null -eq $ctx) {
      $obj = $c.Svc.Get($path, $flags)
    }
    else {
      $obj = $c.Svc.Get($path, $flags, $ctx)
    }
    return Read-Object $obj $form 0
  }
  finally {
    Clear-Com $obj
    Clear-Com $ctx
  }
}

function Get-Form {
  param($M)
  $form = Get-Text $M 'form' 'json'
  if ($form -cne 'json' -and $form -cne 'mof') {
    throw (New-HostError 'BadValue' ('no form ' + $form))
  }
  return $form
}

function Invoke-Delete {
  param($M)
  $c = Get-Connection $M
  $flags = Get-WireFlags $M 0
  $path = Get-Name $M 'path'
  $ctx = New-Context $M
  try {
    if ($null -eq $ctx) {
      [void]$c.Svc.Delete($path, $flags)
    }
    else {
      [void]$c.Svc.Delete($path, $flags, $ctx)
    }
    return @{}
  }
  finally {
    Clear-Com $ctx
  }
}

function Invoke-Query {
  param($M, $Id)
  $c = Get-Connection $M
  $flags = (Get-WireFlags $M 0x20000) -bor 0x30
  $form = Get-Form $M
  $wql = Get-Name $M 'wql'
  $max = Get-Number $M 'max' ([int]::MaxValue)
  $key = [string]$Id
  $parts = New-Parts 'rows' $Id 64
  $rows = 0
  $set = $null
  $ctx = New-Context $M
  try {
    if ($null -eq $ctx) {
      $set = $c.Svc.ExecQuery($wql, 'WQL', $flags)
    }
    else {
      $set = $c.Svc.ExecQuery($wql, 'WQL', $flags, $ctx)
    }
    if ($max -gt 0) {
      foreach ($obj in $set) {
        try {
          Add-Part $parts (Read-Object $obj $form 0)
        }
        finally {
          Clear-Com $obj
        }
        $rows++
        if ($rows -ge $max) {
          break
        }
        if ($script:Shared.Cancelled.ContainsKey($key)) {
          throw (New-HostError 'Cancelled' 'stopped between two rows')
        }
      }
    }
    Send-Parts $parts
  }
  finally {
    Clear-Com $set
    Clear-Com $ctx
  }
  return @{ rows = $rows }
}

# The rows are read in place and not through the pipeline, because PowerShell enumerates every COM object as a collection.
function Read-Object {
  param($Obj, [string] $Form, [int] $Depth)
  if ($Form -ceq 'mof') {
    return @{ mof = [string]$Obj.GetObjectText_(0) }
  }
  if ($Depth -gt 16) {
    throw (New-HostError 'Depth' 'embedded objects nested too deep')
  }
  $path = $Obj.Path_
  $out = [ordered]@{ path = [string]$path.Path; genus = 2; class = [string]$path.Class; props = $null }
  if ($path.IsClass) {
    $out.genus = 1
  }
  Clear-Com $path
  $props = [System.Collections.Generic.List[object]]::new()
  $set = $Obj.Properties_
  try {
    foreach ($p in $set) {
      $cim = [int]$p.CIMType
      $array = [bool]$p.IsArray
      $one = [ordered]@{ n = [string]$p.Name; t = $cim; a = $array; v = $null }
      $one.v = ConvertFrom-WmiValue $cim $array $p.Value $Depth
      $props.Add($one)
      Clear-Com $p
    }
  }
  finally {
    Clear-Com $set
  }
  $out.props = $props.ToArray()
  return $out
}

