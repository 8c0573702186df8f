using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.Cli.Hub;

/// <summary>Writes coloured text for people, or JSON for programs. Control characters in untrusted texts become spaces.</summary>
internal sealed class HubConsole(TextWriter output, TextWriter errors, bool isColoured)
{
    private const string Green = "32";
    private const string Red = "31";
    private const string Yellow = "33";
    private const string Cyan = "36";

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static HubConsole Of(ParseResult result) => new(Console.Out, Console.Error, result.GetValue(HubOptions.Color) switch
    {
        "always" => true,
        "never" => false,
        _ => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
    });

    public static string Pretty(JsonNode? node) => node?.ToJsonString(Indented) ?? "null";

    public void Line(string text) => output.WriteLine(Plain(text));

    public void Added(string text) => Write(Green, $"+ {text}");

    public void Removed(string text) => Write(Red, $"- {text}");

    public void Changed(string text) => Write(Yellow, $"~ {text}");

    public void Heading(string text) => Write(Cyan, text);

    public void Success(string text) => Write(Green, text);

    public void Failure(string text) => Write(Red, text);

    public void Warning(string text) => Write(Yellow, text);

    /// <summary>Writes a line of the hub's plain-language description of a change.</summary>
    public void Change(string line)
    {
        if (line.StartsWith("subscribe ", StringComparison.Ordinal))
        {
            Added(line);
        }
        else if (line.StartsWith("unsubscribe ", StringComparison.Ordinal))
        {
            Removed(line);
        }
        else
        {
            Changed(line);
        }
    }

    public void Json(JsonNode? node) => output.WriteLine(node?.ToJsonString(Compact) ?? "null");

    public void PrintIndented(JsonNode? node) => output.WriteLine(Pretty(node));

    public void Error(string text) => errors.WriteLine(string.Join('\n', text.Split('\n').Select(Plain)));

    /// <summary>Writes why the hub refused: the message to standard error and, on request, the hub's JSON to standard output.</summary>
    public void Problem(HubProblemException problem, bool asJson)
    {
        Error(problem.Message);
        if (asJson && problem.Json is not null)
        {
            Json(JsonNode.Parse(problem.Json));
        }
    }

    private void Write(string colour, string text) => output.WriteLine(isColoured ? $"\e[{colour}m{Plain(text)}\e[0m" : Plain(text));

    private static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
