using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks services</c>: lists and registers the services whose documents the central hub stores.</summary>
internal static class ServicesCommand
{
    private const string Root = "api/v1/services";

    private const string Description = $"""
        Show which processes follow which document, and register other programs' documents at the hub.

        A service is registered with a JSON schema (draft 2020-12), which checks every version of its document, and with its defaults,
        the document before its first change. 'cloudticks config' then accepts its name. Exit codes are those of cloudticks
        config; 3 also means that CloudTicks itself has a service of this name, or that too many services are registered.
        {TargetSystem.Rule}

        Examples:
          cloudticks services list
          cloudticks services register mailer --schema mailer.schema.json --defaults mailer.defaults.json --dry-run
          cloudticks config set mailer letters=50
          cloudticks services show mailer
          cloudticks services unregister mailer
        """;

    private static readonly Argument<string> Service = new("service")
    {
        Description = "The name: lower-case letters, digits, '-' and '_'",
        HelpName = "service",
        CompletionSources = { CompletedNames.RegisteredServices },
    };

    private static readonly Option<string> Schema =
        new("--schema") { Description = "The file with the JSON schema", HelpName = "file", Required = true };

    private static readonly Option<string> Defaults =
        new("--defaults") { Description = "The file with the document before its first change", HelpName = "file", Required = true };

    public static Command Create() => new("services", Description)
    {
        new Command("list", "List the services, their versions, and the processes that follow them.").OnHub(ListAsync),
        new Command("show", "Print the schema and the defaults of a service.") { Service }.OnHub(ShowAsync),
        new Command("register", "Register a service, or replace its schema and defaults.")
        {
            Service, Schema, Defaults, HubOptions.Comment, HubOptions.DryRun,
        }.ChangesHub(RegisterAsync),
        new Command("unregister", "Remove a service; the versions of its document stay in the database.")
        {
            Service, HubOptions.Comment, HubOptions.DryRun,
        }.ChangesHub(UnregisterAsync),
    };

    /// <summary>The URL path of a service on the hub.</summary>
    public static string Path(string service) => $"{Root}/{Uri.EscapeDataString(service)}";

    private static async Task<int> ListAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var response = await session.Hub.GetAsync(Root, cancellationToken);
        if (session.Json)
        {
            session.Console.Json(response.Object);
            return ExitCodes.Done;
        }

        foreach (var service in (response.Object["services"] as JsonArray ?? []).OfType<JsonObject>())
        {
            session.Console.Heading(string.Create(
                CultureInfo.InvariantCulture,
                $"{service["service"]}  version {service["version"]}{(service["registered"] is { } time ? $", registered {time}" : "")}"));
            foreach (var instance in (service["instances"] as JsonArray ?? []).OfType<JsonObject>())
            {
                session.Console.Line(
                    $"  {instance["instance"]}  version {instance["version"]} since {instance["since"]?.ToString() ?? "?"}, "
                    + $"{instance["state"]}, reported {instance["time"]}{(instance["problem"] is { } problem ? $": {problem}" : "")}");
            }
        }

        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var response = await session.Hub.GetAsync(Path(result.GetRequiredValue(Service)), cancellationToken);
        if (session.Json)
        {
            session.Console.Json(response.Object);
        }
        else
        {
            session.Console.PrintIndented(response.Object);
        }

        return ExitCodes.Done;
    }

    private static async Task<int> RegisterAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var registration = new JsonObject
        {
            ["schema"] = await DocumentFile.ReadAsync(result.GetRequiredValue(Schema), cancellationToken),
            ["defaults"] = await DocumentFile.ReadAsync(result.GetRequiredValue(Defaults), cancellationToken),
        };
        var response = (await session.Hub.SendAsync(
            HttpMethod.Put, Path(result.GetRequiredValue(Service)) + ConfigChange.Query(result), registration, null,
            cancellationToken)).Object;
        return Show(session, response, $"{response["service"]} is {response["state"]}, revision {response["revision"]}.");
    }

    private static async Task<int> UnregisterAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var response = (await session.Hub.SendAsync(
            HttpMethod.Delete, Path(result.GetRequiredValue(Service)) + ConfigChange.Query(result), null, null, cancellationToken)).Object;
        var followers = (response["followers"] as JsonArray ?? []).Select(name => $"{name}").ToArray();
        var sentence = followers.Length == 0 ? "" : $" Its last document is still used by {string.Join(", ", followers)}.";
        return Show(session, response, $"{response["service"]} is unregistered.{sentence}");
    }

    private static int Show(HubSession session, JsonObject response, string sentence)
    {
        if (session.Json)
        {
            session.Console.Json(response);
        }
        else
        {
            session.Console.Line($"{response["dry_run"]}" == "true" ? $"Dry run, nothing was changed: {sentence}" : sentence);
        }

        return ExitCodes.Done;
    }
}
