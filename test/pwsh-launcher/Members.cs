// Checks the host script's use of System.Management against an assembly: every type, constructor, property, method and argument
// that it names, found by walking the script's syntax tree. Comments of the script list the types of its variables
// (`#   $class ManagementClass`); a variable that holds a type of this assembly and is not listed is a problem, so the list stays
// complete. Nothing is called: the assembly is for Windows, and only its metadata is read.
using System.Management.Automation.Language;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using System.Text.RegularExpressions;

static class Members {
  const string Space = "System.Management.";
  const string Maker = "New-ManagedObject";

  public static int Report(string script, string assembly) {
    var proof = new Proof(Parser.ParseFile(script, out var tokens, out var errors), tokens, new AssemblyLoadContext("windows").LoadFromAssemblyPath(assembly));
    foreach (var e in errors) proof.Problem(e.Extent, e.Message);
    proof.Run();
    Console.WriteLine(JsonSerializer.Serialize(new {
      assembly = AssemblyName.GetAssemblyName(assembly).FullName,
      problems = proof.Problems,
      members = proof.Seen.Order(StringComparer.Ordinal).ToArray(),
      enums = proof.Enums,
      hidden = proof.Hidden
    }));
    return 0;
  }

  sealed class Proof(Ast root, Token[] tokens, Assembly assembly) {
    public List<string> Problems { get; } = [];
    public HashSet<string> Seen { get; } = [];
    public Dictionary<string, Dictionary<string, long>> Enums { get; } = [];
    public Dictionary<string, string> Hidden { get; } = [];
    readonly Dictionary<string, Type> variables = new(StringComparer.OrdinalIgnoreCase);

    public void Problem(IScriptExtent at, string what) => Problems.Add($"{at.StartLineNumber}: {what}: {at.Text.Split('\n')[0]}");

    public void Run() {
      foreach (var t in tokens.Where(t => t.Kind == TokenKind.Comment && t.Text.StartsWith("#   $", StringComparison.Ordinal)))
        foreach (Match m in Regex.Matches(t.Text, @"\$(\w+) (\w+)")) {
          var type = assembly.GetType(Space + m.Groups[2].Value);
          if (type is null) Problem(t.Extent, $"no type {m.Groups[2].Value}");
          else variables[m.Groups[1].Value] = type;
        }
      foreach (var a in root.FindAll(_ => true, true)) Look(a);
    }

    void Look(Ast ast) {
      switch (ast) {
        case TypeExpressionAst e: Named(e.TypeName, e.Extent); break;
        case TypeConstraintAst e: Named(e.TypeName, e.Extent); break;
        case CommandAst c when c.GetCommandName() == Maker: Made(c); break;
        case AssignmentStatementAst a: Given(a); break;
        case MemberExpressionAst m when m.Parent is not MemberExpressionAst || ((MemberExpressionAst)m.Parent).Expression != m: TypeOf(m); break;
      }
    }

    Type Named(ITypeName name, IScriptExtent at) {
      if (!name.FullName.StartsWith(Space, StringComparison.Ordinal)) return null;
      var type = assembly.GetType(name.FullName);
      if (type is null) { Problem(at, "no such type"); return null; }
      Seen.Add(type.Name);
      if (type.IsEnum) Enums[type.Name] = Enum.GetNames(type).ToDictionary(n => n, n => Convert.ToInt64(Enum.Parse(type, n)));
      return type;
    }

    // New-ManagedObject 'Kind' …: the prelude must be able to create that kind.
    Type Made(CommandAst c) {
      var kind = (c.CommandElements[1] as StringConstantExpressionAst)?.Value;
      var type = kind is null ? null : assembly.GetType(Space + kind);
      if (type is null) { Problem(c.Extent, "a kind that is no type"); return null; }
      var maker = root.Find(a => a is FunctionDefinitionAst f && f.Name == Maker, true);
      var clause = maker?.Find(a => a is SwitchStatementAst, true) as SwitchStatementAst;
      if (clause?.Clauses.Any(x => x.Item1 is StringConstantExpressionAst s && s.Value == kind
        && x.Item2.Find(a => a is InvokeMemberExpressionAst i && i.Static && TypeOf(i) == type, true) is not null) is not true)
        Problem(c.Extent, $"{Maker} does not make it");
      return type;
    }

    // A variable that holds a type of this assembly is listed with that type or a base type of it.
    void Given(AssignmentStatementAst a) {
      if (a.Left is not VariableExpressionAst v) return;
      var made = (a.Right as PipelineAst)?.PipelineElements[0] as CommandAst;
      if (made?.GetCommandName() is { } command && Regex.IsMatch(command, "^(New|Get)-Managed(?!Object)") && !variables.ContainsKey(v.VariablePath.UserPath))
        Problem(a.Extent, "a variable that is not listed");
      var type = a.Right is CommandExpressionAst e ? TypeOf(e.Expression)
        : a.Right is PipelineAst { PipelineElements: [CommandAst c] } && c.GetCommandName() == Maker ? Made(c) : null;
      if (type is null || type.Assembly != assembly || type.IsEnum) return;
      if (!variables.TryGetValue(v.VariablePath.UserPath, out var listed)) Problem(a.Extent, $"a variable that is not listed, given {type.Name}");
      else if (!listed.IsAssignableFrom(type)) Problem(a.Extent, $"listed as {listed.Name}, given {type.Name}");
    }

    Type TypeOf(ExpressionAst e) {
      switch (e) {
        case VariableExpressionAst v: return variables.GetValueOrDefault(v.VariablePath.UserPath);
        case ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst c] } }: return TypeOf(c.Expression);
        case ConvertExpressionAst c: return Named(c.Type.TypeName, c.Extent) ?? c.Type.TypeName.GetReflectionType();
        case StringConstantExpressionAst: return typeof(string);
        case ConstantExpressionAst c: return c.StaticType;
        case BinaryExpressionAst { Operator: TokenKind.Ine or TokenKind.Ieq or TokenKind.Igt }: return typeof(bool);
        case InvokeMemberExpressionAst { Static: true } i: return Constructed(i);
        case MemberExpressionAst { Static: true } m: return Static(m);
        case MemberExpressionAst m: return Member(m);
        default: return null;
      }
    }

    Type Constructed(InvokeMemberExpressionAst i) {
      var type = i.Expression is TypeExpressionAst t ? Named(t.TypeName, t.Extent) : null;
      if (type is null) return null;
      var arguments = Arguments(i);
      var found = type.GetConstructors().Where(c => Takes(c, arguments)).ToArray();
      if (found.Length != 1) { Problem(i.Extent, $"{found.Length} constructors fit"); return null; }
      Seen.Add(Shown(type, found[0]));
      return type;
    }

    Type Static(MemberExpressionAst m) {
      var type = m.Expression is TypeExpressionAst t ? Named(t.TypeName, t.Extent) : null;
      if (type is null) return null;
      var name = (m.Member as StringConstantExpressionAst)?.Value;
      if (name is null || type.GetField(name, BindingFlags.Public | BindingFlags.Static) is null) Problem(m.Extent, "no such static member");
      else Seen.Add($"{type.Name}::{name}");
      return type;
    }

    Type Member(MemberExpressionAst m) {
      var on = TypeOf(m.Expression);
      if (on is null || on.Assembly != assembly) return null;
      var name = (m.Member as StringConstantExpressionAst)?.Value;
      if (string.Equals(name, "psbase", StringComparison.OrdinalIgnoreCase)) return on;
      if (name is null) { Problem(m.Extent, "a member that is not written out"); return null; }
      return m is InvokeMemberExpressionAst call ? Called(on, name, call) : Property(on, name, m);
    }

    Type Property(Type on, string name, MemberExpressionAst m) {
      var p = on.GetProperties().Where(p => p.Name == name).OrderByDescending(p => Depth(p.DeclaringType)).FirstOrDefault();
      if (p is null) { Problem(m.Extent, $"{on.Name} has no property {name}"); return null; }
      var set = m.Parent is AssignmentStatementAst a && a.Left == m;
      if (set ? p.SetMethod?.IsPublic is not true : p.GetMethod?.IsPublic is not true) Problem(m.Extent, set ? "cannot be set" : "cannot be read");
      Seen.Add($"{on.Name}.{name} : {p.PropertyType.Name}{(set ? ", set" : "")}");
      return p.PropertyType;
    }

    Type Called(Type on, string name, InvokeMemberExpressionAst call) {
      var arguments = Arguments(call);
      if (name == "Item") {
        var indexer = on.GetProperties().Where(p => p.Name == name && p.GetIndexParameters().Length == arguments.Length).FirstOrDefault();
        if (indexer is null) { Problem(call.Extent, $"{on.Name} has no indexer of that kind"); return null; }
        Seen.Add($"{on.Name}.Item({string.Join(", ", indexer.GetIndexParameters().Select(p => $"{p.ParameterType.Name} {p.Name}"))}) : {indexer.PropertyType.Name}");
        return indexer.PropertyType;
      }
      if (name == "GetType") { Look(on, call); return null; }
      // A method that hides one of its base type has the same arguments: the most derived one counts.
      var found = on.GetMethods().Where(x => x.Name == name && Takes(x, arguments))
        .GroupBy(x => string.Join(",", x.GetParameters().Select(p => p.ParameterType)))
        .Select(g => g.OrderByDescending(x => Depth(x.DeclaringType)).First()).ToArray();
      if (found.Length != 1) { Problem(call.Extent, $"{found.Length} methods of {on.Name} fit"); return null; }
      Seen.Add(Shown(on, found[0]));
      return found[0].ReturnType == typeof(void) ? null : found[0].ReturnType;
    }

    // $x.GetType().GetProperty('Name', …): a property that is not public.
    void Look(Type on, InvokeMemberExpressionAst call) {
      if (call.Parent is not InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: "GetProperty" } } outer) return;
      var name = (outer.Arguments[0] as StringConstantExpressionAst)?.Value;
      var p = name is null ? null : on.GetProperty(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
      if (p is null || !p.CanWrite || !p.CanRead) Problem(outer.Extent, $"{on.Name} has no such property to read and write");
      else Hidden[$"{on.Name}.{name}"] = $"{p.DeclaringType.Name} {p.PropertyType.Name} {(p.GetMethod.IsPublic ? "public" : "not public")}";
    }

    static int Depth(Type t) => t is null ? 0 : 1 + Depth(t.BaseType);

    Type[] Arguments(InvokeMemberExpressionAst i) => i.Arguments is null ? [] : i.Arguments.Select(TypeOf).ToArray();

    // An unknown type is accepted; a known one must fit.
    static bool Takes(MethodBase method, Type[] arguments) {
      var parameters = method.GetParameters();
      return parameters.Length == arguments.Length && parameters.Zip(arguments).All(x => x.Second is null || x.First.ParameterType.IsAssignableFrom(x.Second));
    }

    static string Shown(Type on, MethodBase method) => $"{on.Name}{(method is ConstructorInfo ? "" : "." + method.Name)}("
      + string.Join(", ", method.GetParameters().Select(p => $"{p.ParameterType.Name} {p.Name}")) + ")"
      + (method is MethodInfo { ReturnType: var r } && r != typeof(void) ? $" : {r.Name}" : "");
  }
}
