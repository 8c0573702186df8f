using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config history</c>: lists who changed what, when and why.</summary>
internal static class ConfigHistory
{
    private const int MaxLines = 8;

    private static readonly Argument<string[]> Arguments = ConfigArguments.Argument("", "");

    private static readonly Option<int> Limit =
        new("--limit") { Description = "The maximum number of versions, newest first", DefaultValueFactory = _ => 20, HelpName = "number" };

    private static readonly Option<int?> Before = new("--before") { Description = "Only versions before this one", HelpName = "version" };

    public static Command Create() =>
        new Command("history", "List the versions: who changed what, when and why.") { Arguments, Limit, Before }.OnHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = await ConfigArguments.ReadAsync(session.Hub, result, Arguments, cancellationToken);
        if (args.Rest.Count > 0)
        {
            session.Console.Error($"'{args.Rest[0]}' is not a service.");
            return ExitCodes.Usage;
        }

        var before = result.GetValue(Before) is { } version ? string.Create(CultureInfo.InvariantCulture, $"&before={version}") : "";
        var response = await session.Hub.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{args.Path}/history?limit={result.GetValue(Limit)}{before}"), cancellationToken);
        if (session.Json)
        {
            session.Console.Json(response.Object);
            return ExitCodes.Done;
        }

        var versions = response.Object["versions"] as JsonArray ?? [];
        if (versions.Count == 0)
        {
            session.Console.Line(
                $"{args.Document.Service} was never changed{(before.Length > 0 ? " before that version" : "")}: "
                    + "the defaults are version 0.");
        }

        foreach (var entry in versions.OfType<JsonObject>())
        {
            Show(session.Console, entry);
        }

        return ExitCodes.Done;
    }

    private static void Show(HubConsole console, JsonObject entry)
    {
        var comment = entry["comment"] is { } text ? $"  {text}" : "";
        console.Heading($"{entry["version"]}  {entry["time"]}  {entry["author"]}  {entry["action"]}{comment}");
        var lines = ConfigChange.Lines(entry).ToArray();
        foreach (var line in lines.Take(MaxLines))
        {
            console.Change(line);
        }

        if (lines.Length > MaxLines)
        {
            console.Line(string.Create(CultureInfo.InvariantCulture, $"  and {lines.Length - MaxLines} more"));
        }
    }
}
