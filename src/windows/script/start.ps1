# --- core: start, the reader runspace, the loop ---
function Start-EwmiHost {
  param($Reader, $Nonce)

  if ($PSVersionTable.PSVersion -lt [version]'5.1') {
    [Console]::Out.WriteLine('EWMI0 Version ' + $PSVersionTable.PSVersion)
    [Environment]::Exit(79)
  }
  Set-StrictMode -Version 2.0
  $ErrorActionPreference = 'Stop'
  [Threading.Thread]::CurrentThread.CurrentCulture = [Globalization.CultureInfo]::InvariantCulture
  $raw = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), [Text.ASCIIEncoding]::new(), 65536)
  $raw.NewLine = [string][char]10
  $raw.AutoFlush = $true
  $script:Out = [IO.TextWriter]::Synchronized($raw)
  $script:Prefix = 'EWMI1 ' + $Nonce + ' '
  [Console]::SetOut([Console]::Error)

  $limits = Get-HostLimits
  $script:LeaseSeconds = $limits.LeaseSeconds
  $script:Managed = [bool]$limits.Managed
  $script:Shared = [hashtable]::Synchronized(@{
      LastSeen = [DateTime]::UtcNow
      Running = 0
      Cancelled = [hashtable]::Synchronized(@{})
      EofGraceMs = $limits.EofGraceMs
    })
  $script:Inbox = [System.Collections.Concurrent.BlockingCollection[string]]::new(1024)
  $script:Conns = @{}
  $script:NextConn = 1
  $script:Inv = [Globalization.CultureInfo]::InvariantCulture
  $script:Real = [Globalization.NumberStyles]::Float
  $script:TextTypes = [System.Collections.Generic.HashSet[int]]::new([int[]]@(8, 101, 102))
  $script:CimTypes = [System.Collections.Generic.HashSet[int]]::new([int[]]@(2, 3, 4, 5, 8, 11, 13, 16, 17, 18, 19, 20, 21, 101, 102, 103))
  $script:RareEscape = [regex]::new('[^\x20-\x7e]', 'Compiled, CultureInvariant')
  $script:MustEscape = [regex]::new('[^\x20\x21\x23-\x5b\x5d-\x7e]', 'Compiled, CultureInvariant')

  Initialize-JsonReader
  Start-Pump $Reader
  Send-Frame ([ordered]@{
      t = 'hello'
      protocol = 1
      edition = [string]$PSVersionTable.PSEdition
      version = [string]$PSVersionTable.PSVersion
      bits = [IntPtr]::Size * 8
      apartment = [string][Threading.Thread]::CurrentThread.GetApartmentState()
      engines = (Get-Engines)
    })
  Invoke-Loop
  [Environment]::Exit(0)
}

function Get-Engines {
  if ($script:Managed) {
    return , @('script', 'managed')
  }
  return , @('script')
}

# Runs in its own runspace. Recognises ping and cancel by the beginning of the line, and queues every other line.
$script:PumpText = {
  param($Reader, $Inbox, $Shared, $Out, $Prefix)
  while ($true) {
    $line = $null
    try {
      $line = $Reader.ReadLine()
    }
    catch {
      $line = $null
    }
    if ($null -eq $line) {
      break
    }
    if ($line.Length -eq 0) {
      continue
    }
    $Shared.LastSeen = [DateTime]::UtcNow
    if ($line.StartsWith('{"op":"ping","id":', [StringComparison]::Ordinal)) {
      $m = [regex]::Match($line, '^\{"op":"ping","id":([0-9]{1,15})[,}]')
      if ($m.Success) {
        $Out.WriteLine($Prefix + '{"t":"pong","id":' + $m.Groups[1].Value + ',"running":' + $Shared.Running + '}')
        continue
      }
    }
    if ($line.StartsWith('{"op":"cancel","target":', [StringComparison]::Ordinal)) {
      $m = [regex]::Match($line, '^\{"op":"cancel","target":([0-9]{1,15})[,}]')
      if ($m.Success) {
        $Shared.Cancelled[$m.Groups[1].Value] = $true
        continue
      }
    }
    $Inbox.Add($line)
  }
  $Inbox.CompleteAdding()
  [Threading.Thread]::Sleep([int]$Shared.EofGraceMs)
  [Diagnostics.Process]::GetCurrentProcess().Kill()
}.ToString()

function Start-Pump {
  param($Reader)
  $state = [initialsessionstate]::Create()
  $state.LanguageMode = 'FullLanguage'
  $rs = [runspacefactory]::CreateRunspace($state)
  $rs.Open()
  $ps = [powershell]::Create()
  $ps.Runspace = $rs
  [void]$ps.AddScript($script:PumpText)
  foreach ($a in @($Reader, $script:Inbox, $script:Shared, $script:Out, $script:Prefix)) {
    [void]$ps.AddArgument($a)
  }
  [void]$ps.BeginInvoke()
}

function Invoke-Loop {
  $line = $null
  while ($true) {
    if ($script:Inbox.TryTake([ref]$line, 1000)) {
      Invoke-Line $line
      $line = $null
      continue
    }
    if ($script:Inbox.IsCompleted) {
      return
    }
    if (([DateTime]::UtcNow - $script:Shared.LastSeen).TotalSeconds -gt $script:LeaseSeconds) {
      return
    }
  }
}

# The id is read from the beginning of the line, so that the answer to a line that is not JSON has its id.
function Invoke-Line {
  param($Line)
  if ($Line.StartsWith('{"op":"exit"', [StringComparison]::Ordinal)) {
    Send-Frame ([ordered]@{ t = 'bye' })
    [Environment]::Exit(0)
  }
  $key = '0'
  try {
    $n = [regex]::Match($Line, '^\{"op":"[A-Za-z]+","id":([0-9]{1,15})[,}]')
    if (-not $n.Success) {
      throw (New-HostError 'BadLine' 'op and id do not come first')
    }
    $key = $n.Groups[1].Value
    $id = [int64]$key
    if ($script:Shared.Cancelled.ContainsKey($key)) {
      throw (New-HostError 'Cancelled' 'not started')
    }
    $m = Read-Message $Line
    $script:Shared.Running = $id
    Send-Frame ([ordered]@{ t = 'start'; id = $id })
    $result = Invoke-Op $m $id
    if ($result -isnot [Collections.IDictionary]) {
      throw (New-HostError 'Leak' 'a statement wrote to the pipeline')
    }
    Send-Frame ([ordered]@{ t = 'res'; id = $id; ok = $true; result = $result })
  }
  catch {
    Send-Frame ([ordered]@{ t = 'res'; id = [int64]$key; ok = $false; error = (Get-Failure $_) })
  }
  finally {
    $script:Shared.Running = 0
    [void]$script:Shared.Cancelled.Remove($key)
  }
}

function Invoke-Op {
  param($M, $Id)
  $op = Get-Text $M 'op' ''
  switch -CaseSensitive ($op) {
    'connect' {
      return Open-Connection $M
    }
    'putInstance' {
      return Invoke-PutInstance $M
    }
    'putMany' {
      return Invoke-PutMany $M $Id
    }
    'putClass' {
      return Invoke-PutClass $M
    }
    'get' {
      return Invoke-Get $M
    }
    'delete' {
      return Invoke-Delete $M
    }
    'query' {
      return Invoke-Query $M $Id
    }
    'release' {
      return Close-Connection $M
    }
    default {
      throw (New-HostError 'UnknownOp' $op)
    }
  }
}

