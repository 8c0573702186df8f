using System.CommandLine;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;
using CloudTicks.ServiceDocuments;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config explain</c>: where each setting of a process comes from.</summary>
internal static class ConfigExplain
{
    private static readonly Argument<string[]> Words =
        ConfigWords.Argument("[setting]", "A part of the names of settings: Symbols, Polygon.");

    private static readonly Option<string?> Process = new("--process")
    {
        Description =
            $"The process to ask [default: AppHost's collector, else 127.0.0.1:8000; {ServiceNames.Functions} at the hub's address]",
        HelpName = "host:port",
    };

    private static readonly Option<bool> All = new("--all") { Description = "Also settings that nobody has set" };

    public static Command Create() => new Command(
        "explain", "Show for each setting of a process where its value comes from, and what it overrides; secrets are masked.") { Words,
        Process, All }
        .OnHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var words = ConfigWords.Read(result, Words);
        if (words.Rest.Count > 1)
        {
            session.Console.Error($"'{words.Rest[0]}' is no service. See --help.");
            return ExitCodes.Usage;
        }

        var named = result.GetValue(Process);
        if (named is not null && HubOptions.Parse(named) is null)
        {
            session.Console.Error("--process: it is no host:port.");
            return ExitCodes.Usage;
        }

        using var process = named is null && words.Document.Service == ServiceNames.Functions ? null
            : Collector(session, named, result, words.Document.Service);
        var answer = (await (process ?? session.Hub).GetAsync("api/v1/settings", cancellationToken)).Object;
        Show(session, answer, words.Rest.Count > 0 ? words.Rest[0] : "", result.GetValue(All));
        return ExitCodes.Done;
    }

    private static HubClient Collector(HubSession session, string? named, ParseResult result, string service)
    {
        IReadOnlyList<Uri> addresses = named is not null && HubOptions.Parse(named) is { } address ? [address] : [];
        var place = session.Target.Collectors(addresses, Process.Name, result.GetValue(HubOptions.Address))[0];
        return new HubClient(place.Address, ServiceKey.OfEnvironment(), service);
    }

    private static void Show(HubSession session, JsonObject answer, string part, bool all)
    {
        if (session.Json)
        {
            session.Console.Json(answer);
            return;
        }

        var inForce = answer["version"]?.ToString() switch
        {
            null => "no document of a central hub is in force",
            "0" => "nobody has changed its document at the central hub",
            var version => $"version {version} of the central hub is in force",
        };
        session.Console.Heading($"{answer["service"]}, process {answer["instance"]}: {inForce}");
        if (answer["problem"] is { } problem)
        {
            session.Console.Removed($"{problem}");
        }

        foreach (var setting in (answer["settings"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (name, source) = ($"{setting["name"]}", $"{setting["source"]}");
            if (!name.Contains(part, StringComparison.OrdinalIgnoreCase) || (source == "default" && part.Length == 0 && !all))
            {
                continue;
            }

            session.Console.Line($"{name} = {setting["value"]?.ToString() ?? "(none)"}  ({source})");
            foreach (var other in (setting["overridden"] as JsonArray ?? []).OfType<JsonObject>())
            {
                session.Console.Changed($"  instead of {other["value"]?.ToString() ?? "(none)"}  ({other["source"]})");
            }
        }
    }
}
