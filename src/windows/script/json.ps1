# --- core: reads and writes JSON ---
function Initialize-JsonReader {
  if ($PSVersionTable.PSEdition -eq 'Core') {
    $script:ReadJson = {
      param($Text)
      $doc = [System.Text.Json.JsonDocument]::Parse([string]$Text)
      try {
        return , (ConvertFrom-JsonElement $doc.RootElement)
      }
      finally {
        $doc.Dispose()
      }
    }
  }
  else {
    [void][Reflection.Assembly]::Load('System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35')
    $script:Js = [System.Web.Script.Serialization.JavaScriptSerializer]::new()
    $script:Js.MaxJsonLength = 16777216
    $script:Js.RecursionLimit = 64
    $script:ReadJson = {
      param($Text)
      $read = $script:Js.DeserializeObject([string]$Text)
      if ($read -isnot [Collections.IDictionary]) {
        throw (New-HostError 'BadLine' 'not an object')
      }
      return , $read
    }
  }
}

# Returns the types of JavaScriptSerializer: Dictionary[string,object], object[], string, number, boolean, null.
# One loop with its own stack, because a function call per value costs several times as much as the loop.
function ConvertFrom-JsonElement {
  param($Root)
  if ([int]$Root.ValueKind -ne 1) {
    throw (New-HostError 'BadLine' 'not an object')
  }
  $todo = [System.Collections.Generic.Stack[object]]::new()
  $top = [object[]]::new(1)
  $todo.Push(@($Root, $top, 0))
  while ($todo.Count -gt 0) {
    $next = $todo.Pop()
    $e = $next[0]
    if ([int]$e.ValueKind -eq 1) {
      $made = [System.Collections.Generic.Dictionary[string, object]]::new()
      foreach ($p in $e.EnumerateObject()) {
        $v = $p.Value
        $kind = [int]$v.ValueKind
        if ($kind -eq 3) {
          $made[$p.Name] = $v.GetString()
        }
        elseif ($kind -eq 4) {
          $made[$p.Name] = $v.GetDouble()
        }
        elseif ($kind -le 2) {
          $todo.Push(@($v, $made, $p.Name))
        }
        elseif ($kind -eq 7) {
          $made[$p.Name] = $null
        }
        else {
          $made[$p.Name] = ($kind -eq 5)
        }
      }
    }
    else {
      $made = [object[]]::new($e.GetArrayLength())
      $i = 0
      foreach ($v in $e.EnumerateArray()) {
        $kind = [int]$v.ValueKind
        if ($kind -eq 3) {
          $made[$i] = $v.GetString()
        }
        elseif ($kind -eq 4) {
          $made[$i] = $v.GetDouble()
        }
        elseif ($kind -le 2) {
          $todo.Push(@($v, $made, $i))
        }
        elseif ($kind -ne 7) {
          $made[$i] = ($kind -eq 5)
        }
        $i++
      }
    }
    $into = $next[1]
    $into[$next[2]] = $made
  }
  return , $top[0]
}

# Quotes and backslashes, which are frequent in paths, are replaced directly; a text with rarer characters is copied from escape to escape.
function Add-JsonString {
  param($Sb, [string] $S)
  if (-not $script:RareEscape.IsMatch($S)) {
    [void]$Sb.Append([char]34).Append($S.Replace('\', '\\').Replace('"', '\"')).Append([char]34)
    return
  }
  [void]$Sb.Append([char]34)
  $at = 0
  $m = $script:MustEscape.Match($S)
  while ($m.Success) {
    $i = $m.Index
    if ($i -gt $at) {
      [void]$Sb.Append($S, $at, $i - $at)
    }
    $n = [int]$S[$i]
    if ($n -eq 34 -or $n -eq 92) {
      [void]$Sb.Append([char]92).Append($S[$i])
    }
    else {
      [void]$Sb.Append('\u').Append($n.ToString('x4', $script:Inv))
    }
    $at = $i + 1
    $m = $m.NextMatch()
  }
  if ($at -lt $S.Length) {
    [void]$Sb.Append($S, $at, $S.Length - $at)
  }
  [void]$Sb.Append([char]34)
}

function Add-Json {
  param($Sb, $V, [int] $Depth)
  if ($null -eq $V) {
    [void]$Sb.Append('null')
    return
  }
  if ($V -is [string]) {
    Add-JsonString $Sb $V
    return
  }
  if ($V -is [bool]) {
    [void]$Sb.Append(('false', 'true')[[int]$V])
    return
  }
  if ($Depth -gt 64) {
    throw (New-HostError 'Depth' 'answer nested too deep')
  }
  if ($V -is [Collections.IDictionary]) {
    $sep = '{'
    foreach ($k in $V.Keys) {
      $x = $V[$k]
      [void]$Sb.Append($sep).Append([char]34).Append($k).Append('":')
      if ($x -is [string] -and -not $script:MustEscape.IsMatch($x)) {
        [void]$Sb.Append([char]34).Append($x).Append([char]34)
      }
      elseif ($x -is [bool]) {
        [void]$Sb.Append(('false', 'true')[[int]$x])
      }
      else {
        Add-Json $Sb $x ($Depth + 1)
      }
      $sep = ','
    }
    if ($V.Count -eq 0) {
      [void]$Sb.Append('{')
    }
    [void]$Sb.Append('}')
    return
  }
  if ($V -is [Collections.IEnumerable]) {
    [void]$Sb.Append('[')
    $sep = ''
    foreach ($x in $V) {
      [void]$Sb.Append($sep)
      Add-Json $Sb $x ($Depth + 1)
      $sep = ','
    }
    [void]$Sb.Append(']')
    return
  }
  [void]$Sb.Append(([IFormattable]$V).ToString($null, $script:Inv))
}

function Send-Frame {
  param($Value)
  $sb = [Text.StringBuilder]::new($script:Prefix)
  Add-Json $sb $Value 0
  $script:Out.WriteLine($sb.ToString())
}

# Adds a result to the text of the current part, and sends the part when it is full.
function Add-Part {
  param($Parts, $Value)
  if ($Parts.Held -gt 0) {
    [void]$Parts.Text.Append(',')
  }
  Add-Json $Parts.Text $Value 1
  $Parts.Held++
  if ($Parts.Held -ge $Parts.Most -or $Parts.Text.Length -ge 262144) {
    Send-Parts $Parts
  }
}

# Add-Part for a stored item of putMany, the frequent case, without a table for the result.
function Add-PathPart {
  param($Parts, [string] $Path, $Was)
  if ($Parts.Held -gt 0) {
    [void]$Parts.Text.Append(',')
  }
  [void]$Parts.Text.Append('{"ok":true,"path":')
  Add-JsonString $Parts.Text $Path
  if ($null -ne $Was) {
    [void]$Parts.Text.Append(',"was":').Append(('false', 'true')[[int]$Was])
  }
  [void]$Parts.Text.Append('}')
  $Parts.Held++
  if ($Parts.Held -ge $Parts.Most) {
    Send-Parts $Parts
  }
}

function Send-Parts {
  param($Parts)
  if ($Parts.Held -eq 0) {
    return
  }
  $script:Out.WriteLine($script:Prefix + '{"t":"' + $Parts.Kind + '","id":' + $Parts.Id + ',"from":' + $Parts.From + ',"r":[' + $Parts.Text.ToString() + ']}')
  $Parts.From += $Parts.Held
  $Parts.Held = 0
  [void]$Parts.Text.Clear()
}

function New-Parts {
  param([string] $Kind, $Id, [int] $Most)
  return @{ Kind = $Kind; Id = $Id; Most = $Most; From = 0; Held = 0; Text = [Text.StringBuilder]::new() }
}

