$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'
if($PSVersionTable.PSVersion.Major -lt 5){'EWMI0 Version '+$PSVersionTable.PSVersion;exit 79}
if($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage'){'EWMI0 LanguageMode '+$ExecutionContext.SessionState.LanguageMode;exit 77}
try{
$r=[IO.StreamReader]::new([Console]::OpenStandardInput(),[Text.UTF8Encoding]::new($false),$false,65536)
$h=([string]$r.ReadLine()).Split(' ')
if($h.Length -ne 3 -or $h[0] -ne 'EWMI1'){throw 'bad header'}
$b=[Text.StringBuilder]::new()
for($i=[int]$h[2];$i -gt 0;$i--){[void]$b.Append($r.ReadLine()).Append([char]10)}
&([ScriptBlock]::Create($b.ToString())) $r $h[1]|Out-Null
}catch{'EWMI0 Bootstrap '+($_.Exception.Message -replace '[^ -~]','?');exit 78}
