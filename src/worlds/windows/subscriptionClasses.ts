/** The standard event consumers of `root\subscription`, in the notation of `classNotation`. */
export const subscriptionClasses: string = `
ActiveScriptEventConsumer : __EventConsumer [plain]
  string Name* ScriptingEngine!+ ScriptText+ ScriptFileName+
  uint32 KillTimeout+=0

CommandLineEventConsumer : __EventConsumer [plain]
  string Name* ExecutablePath+ CommandLineTemplate+ DesktopName WindowTitle WorkingDirectory
  boolean UseDefaultErrorMode=false CreateNewConsole=false CreateNewProcessGroup=true CreateSeparateWowVdm=false
  boolean CreateSharedWowVdm=false ForceOnFeedback=false ForceOffFeedback=false RunInteractively=false
  sint32 Priority=32
  uint32 XCoordinate YCoordinate XSize YSize XNumCharacters YNumCharacters FillAttributes FillAttribute
  uint32 ShowWindowCommand KillTimeout=0

LogFileEventConsumer : __EventConsumer [plain]
  string Name* Filename! Text
  uint64 MaximumFileSize=65535
  boolean IsUnicode

NTEventLogEventConsumer : __EventConsumer [plain]
  string Name* UNCServerName SourceName NameOfUserSidProperty NameOfRawDataProperty
  uint32 EventID! EventType=1 NumberOfInsertionStrings=0
  uint16 Category
  string[] InsertionStringTemplates=[""]

SMTPEventConsumer : __EventConsumer [plain]
  string Name* SMTPServer! Subject FromLine ReplyToLine Message ToLine CcLine BccLine
  string[] HeaderFields
`
