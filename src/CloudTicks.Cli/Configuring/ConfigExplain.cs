using System.CommandLine;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;
using CloudTicks.ServiceDocuments;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config explain</c>: shows the source of each setting of a process.</summary>
internal static class ConfigExplain
{
    private static readonly Argument<string[]> Arguments =
        ConfigArguments.Argument("[setting]", "A part of a setting's name, such as Symbols or Polygon.");

    private static readonly CollectorOption Collector = new(
        $"The process to query [default: AppHost's collector, else 127.0.0.1:8000; {ServiceNames.Functions} at the hub's address]",
        oldName: "--process");

    private static readonly Option<bool> All = new("--all") { Description = "Include settings that have no value" };

    public static Command Create()
    {
        var command = new Command(
            "explain", "Show the source of each setting of a process, and what it overrides; secrets are masked.")
        {
            Arguments, All,
        };
        Collector.AddTo(command);
        return command.OnHub(RunAsync);
    }

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = ConfigArguments.Read(result, Arguments);
        if (args.Rest.Count > 1)
        {
            session.Console.Error($"'{args.Rest[0]}' is not a service. See --help.");
            return ExitCodes.Usage;
        }

        var namedCollectors = Collector.Read(result);
        using var processClient = namedCollectors.Length == 0 && args.Document.Service == ServiceNames.Functions ? null
            : ClientOf(session, namedCollectors, result, args.Document.Service);
        var response = (await (processClient ?? session.Hub).GetAsync("api/v1/settings", cancellationToken)).Object;
        Show(session, response, args.Rest.Count > 0 ? args.Rest[0] : "", result.GetValue(All));
        return ExitCodes.Done;
    }

    private static HubClient ClientOf(HubSession session, Uri[] namedCollectors, ParseResult result, string service)
    {
        var place = session.Target.Collectors(namedCollectors, CollectorOption.Name, result.GetValue(HubOptions.Address))[0];
        return new HubClient(place.Address, ServiceKey.OfEnvironment(), service);
    }

    private static void Show(HubSession session, JsonObject response, string part, bool all)
    {
        if (session.Json)
        {
            session.Console.Json(response);
            return;
        }

        var inForce = response["version"]?.ToString() switch
        {
            null => "no document of the central hub is in force",
            "0" => "the defaults of the central hub are in force",
            var version => $"version {version} of the central hub is in force",
        };
        session.Console.Heading($"{response["service"]}, process {response["instance"]}: {inForce}");
        if (response["problem"] is { } problem)
        {
            session.Console.Removed($"{problem}");
        }

        foreach (var setting in (response["settings"] as JsonArray ?? []).OfType<JsonObject>())
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
