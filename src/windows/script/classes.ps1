# --- core: puts of classes, through the scripting objects ---
function Invoke-PutClass {
  param($M)
  $c = Get-Connection $M
  $flags = Get-WireFlags $M (Get-PutFlagMask)
  $spec = Get-Map $M 'class'
  $mode = Get-Text $spec 'mode' 'define'
  if ($mode -cne 'define' -and $mode -cne 'amend') {
    throw (New-HostError 'BadValue' ('no mode ' + $mode))
  }
  if ($mode -ceq 'amend') {
    [void](Get-Name $spec 'name')
  }
  Assert-Once (Get-List $spec 'props' ([Collections.IDictionary])) 'property'
  Assert-Once (Get-List $spec 'methods' ([Collections.IDictionary])) 'method'
  $managed = Test-NeedsManaged $M $spec
  $out = [ordered]@{ path = '' }
  if (Get-Flag $M 'probe') {
    $was = Test-Stored $c (Get-Text $spec 'name' '')
    if ($null -ne $was) {
      $out.was = $was
    }
  }
  if ($managed) {
    $out.path = Save-ManagedClass $c $M $spec $flags
  }
  else {
    $out.path = Save-Class $c $M $spec $flags
  }
  return $out
}

# Fails for a repeated member, because WMI would silently keep the last one.
function Assert-Once {
  param($Members, [string] $Kind)
  $seen = [System.Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
  foreach ($m in $Members) {
    $name = Get-Name $m 'n'
    if (-not $seen.Add($name)) {
      $e = New-HostError 'BadValue' 'it stands there twice'
      $e.Data['ewmi.' + $Kind] = $name
      throw $e
    }
  }
}

# Whether a class needs System.Management: the scripting objects cannot create methods or amended qualifiers.
function Test-NeedsManaged {
  param($M, $Spec)
  $needs = $Spec.ContainsKey('methods') -or (Test-Amended (Get-List $Spec 'quals' ([Collections.IDictionary])))
  foreach ($p in (Get-List $Spec 'props' ([Collections.IDictionary]))) {
    if (Test-Amended (Get-List $p 'quals' ([Collections.IDictionary]))) {
      $needs = $true
    }
  }
  $engine = Get-Text $M 'engine' 'auto'
  if ($engine -ceq 'script') {
    if ($needs) {
      throw (New-HostError 'UnsupportedFlags' 'the scripting objects know neither methods nor amended qualifiers')
    }
    return $false
  }
  if ($engine -ceq 'managed') {
    $needs = $true
  }
  elseif ($engine -cne 'auto') {
    throw (New-HostError 'BadValue' ('no engine ' + $engine))
  }
  if ($needs -and -not $script:Managed) {
    throw (New-HostError 'UnknownOp' 'this host has no managed engine')
  }
  return $needs
}

function Test-Amended {
  param($Quals)
  foreach ($q in $Quals) {
    if (((Get-Number $q 'f' 0) -band 0x80) -ne 0) {
      return $true
    }
  }
  return $false
}

function Save-Class {
  param($C, $M, $Spec, [int] $Wire)
  $name = Get-Text $Spec 'name' ''
  $base = $null
  $obj = $null
  $ctx = New-Context $M
  try {
    if ((Get-Text $Spec 'mode' 'define') -ceq 'amend') {
      $obj = $C.Svc.Get($name, ($Wire -band 0x20000))
      Remove-Members $obj $Spec
    }
    else {
      if ($Spec.ContainsKey('super')) {
        $base = Get-Class $C (Get-Name $Spec 'super') 'superclass'
        $obj = $base.SpawnDerivedClass_(0)
      }
      else {
        $obj = $C.Svc.Get('', 0)
      }
      # A class without a name is put unchanged, so that WMI reports the error.
      if ($name.Length -gt 0) {
        $path = $obj.Path_
        try {
          $path.Class = $name
        }
        finally {
          Clear-Com $path
        }
      }
    }
    Add-Properties $C $obj (Get-List $Spec 'props' ([Collections.IDictionary]))
    Add-Qualifiers $obj (Get-List $Spec 'quals' ([Collections.IDictionary])) $null
    return Save-Object $C $obj $Wire $ctx
  }
  finally {
    Clear-Com $obj
    Clear-Com $base
    Clear-Com $ctx
  }
}

function Remove-Members {
  param($Obj, $Spec)
  if (-not $Spec.ContainsKey('drop')) {
    return
  }
  $drop = Get-Map $Spec 'drop'
  Remove-Names $Obj.Properties_ (Get-List $drop 'props' ([string])) 'property'
  Remove-Names $Obj.Qualifiers_ (Get-List $drop 'quals' ([string])) 'qualifier'
}

function Remove-Names {
  param($Set, $Names, [string] $Kind)
  try {
    foreach ($name in $Names) {
      try {
        [void]$Set.Remove($name)
      }
      catch {
        throw (Add-Where $_ $Kind $name)
      }
    }
  }
  finally {
    Clear-Com $Set
  }
}

function Add-Properties {
  param($C, $Obj, $Props)
  $set = $Obj.Properties_
  try {
    foreach ($p in $Props) {
      $name = Get-Name $p 'n'
      $prop = $null
      try {
        $type = Get-CimType $p
        $array = Get-Flag $p 'a'
        # An inherited property that is added again has the default NULL; one that is only read to add qualifiers keeps the inherited default.
        if (Get-Flag $p 'keep') {
          $prop = $set.Item($name)
        }
        else {
          $prop = $set.Add($name, $type, $array)
        }
        if ($p.ContainsKey('d')) {
          $made = ConvertTo-WmiValue $C $type $array $p['d']
          $prop.Value = $made
          if ($type -eq 13) {
            Clear-Embedded $made
          }
        }
        Add-Qualifiers $prop (Get-List $p 'quals' ([Collections.IDictionary])) (Get-CimTypeText $p)
      }
      catch {
        throw (Add-Where $_ 'property' $name)
      }
      finally {
        Clear-Com $prop
      }
    }
  }
  finally {
    Clear-Com $set
  }
}

# The value of the qualifier CIMTYPE where the type number does not determine it: the class of a reference or embedded object,
# and a type word that is not in lower case.
function Get-CimTypeText {
  param($P)
  $word = Get-Text $P 'w' ''
  if (-not $P.ContainsKey('of')) {
    if ($word.Length -eq 0) {
      return $null
    }
    return $word
  }
  if ((Get-Number $P 't' 0) -eq 102) {
    return 'ref:' + (Get-Name $P 'of')
  }
  if ($word.Length -eq 0) {
    $word = 'object'
  }
  return $word + ':' + (Get-Name $P 'of')
}

# The scripting objects take the flavours in this order: to subclasses, to instances, overridable.
function Add-Qualifiers {
  param($Of, $Quals, $CimType)
  $set = $Of.Qualifiers_
  try {
    if ($null -ne $CimType) {
      $added = $set.Add('CIMTYPE', $CimType, $true, $true, $true)
      Clear-Com $added
    }
    foreach ($q in $Quals) {
      $name = Get-Name $q 'n'
      try {
        $f = Get-Number $q 'f' 0
        $added = $set.Add($name, (ConvertTo-PlainValue $q), (($f -band 2) -ne 0), (($f -band 1) -ne 0), (($f -band 16) -eq 0))
        Clear-Com $added
      }
      catch {
        throw (Add-Where $_ 'qualifier' $name)
      }
    }
  }
  finally {
    Clear-Com $set
  }
}

