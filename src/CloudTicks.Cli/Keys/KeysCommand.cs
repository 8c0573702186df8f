using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sessions;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Keys;

/// <summary><c>cloudticks keys</c>: creates, lists and revokes keys of the central hub.</summary>
internal static class KeysCommand
{
    private const string Path = "api/v1/keys";
    private const string Description = $"""
        Create, list and revoke keys of the central hub.

        A key is printed once, when it is created: the hub stores only its hash. This command itself uses the key in CLOUDTICKS_HUB_KEY.
        To create the first key, start the functions with CLOUDTICKS_HUB_WRITER_KEY, and set CLOUDTICKS_HUB_KEY to its value. A hub that
        listens only on loopback requires no key, unless Listening__RequireKeys is set.
        {TargetSystem.Rule}
        Exit code: 0 done; 1 there is no such key, or the server is not a hub; 2 wrong usage; 3 the name is taken, or there are too many
        keys; 4 the hub refuses the name or the role; 5 the key in use is missing, invalid or lacks the permission; 6 the hub does not
        answer, fails or is overloaded.

        Examples:
          cloudticks keys create research --role reader
          KEY=$(cloudticks keys create feed-handler --role writer)
          cloudticks keys list
          cloudticks keys revoke research
        """;

    private static readonly Argument<string> Name =
        new("name") { Description = "The holder's name, as the history shows it: letters, digits, '.', '_', '-', '@'", HelpName = "name" };

    private static readonly Argument<string> KeyIdOrName =
        new("key") { Description = "The key's id, or its holder's name", HelpName = "id or name" };

    private static readonly Option<string> Role =
        new Option<string>("--role") { Description = "reader, or writer (which may also read)", Required = true }
        .AcceptOnlyFromAmong(RoleNames.Of(AccessRole.Reader), RoleNames.Of(AccessRole.Writer));

    private static readonly Option<bool> All = new("--all") { Description = "Include revoked keys" };

    public static Command Create() => new("keys", Description)
    {
        new Command("create", "Create a key, and print it once.") { Name, Role }.ChangesHub(CreateAsync),
        new Command("list", "List the keys, without their secrets.") { All }.OnHub(ListAsync),
        new Command("revoke", "Revoke a key permanently.") { KeyIdOrName }.ChangesHub(RevokeAsync),
        new Command("self", $"Show the holder of the key in {ServiceKey.Variable}.").OnHub(SelfAsync),
    };

    private static async Task<int> CreateAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var requestBody = new JsonObject { ["name"] = result.GetValue(Name), ["role"] = result.GetValue(Role) };
        var createdKey = (await session.Hub.SendAsync(HttpMethod.Post, Path, requestBody, null, cancellationToken)).Object;
        if (session.Json)
        {
            session.Console.Json(createdKey);
            return ExitCodes.Done;
        }

        // Only the key is written to standard output, so that a script can capture it.
        session.Console.Error($"This key of {createdKey["name"]} ({createdKey["role"]}, id {createdKey["id"]}) is not shown again:");
        session.Console.Line($"{createdKey["key"]}");
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var keys = (await ReadAsync(session, cancellationToken)).Where(key => result.GetValue(All) || key["revoked_ms"] is null).ToArray();
        if (session.Json)
        {
            session.Console.Json(new JsonArray([.. keys.Select(key => key.DeepClone())]));
            return ExitCodes.Done;
        }

        var width = keys.Select(key => $"{key["name"]}".Length).DefaultIfEmpty(0).Max();
        foreach (var key in keys)
        {
            var line =
                $"{key["id"]}  {$"{key["name"]}".PadRight(width)}  {key["role"]}  created {Time(key["created_ms"])} by {key["created_by"]}";
            if (key["revoked_ms"] is { } revoked)
            {
                session.Console.Removed($"{line}, revoked {Time(revoked)} by {key["revoked_by"]}");
            }
            else
            {
                session.Console.Line(line);
            }
        }

        return ExitCodes.Done;
    }

    private static async Task<int> RevokeAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var idOrName = result.GetValue(KeyIdOrName)!;
        // The argument may be the key itself, which must not be sent in a URL: use its id.
        var id = AccessKey.IsId(idOrName) ? idOrName : AccessKey.IdOf(idOrName) ?? await FindAsync(session, idOrName, cancellationToken);
        if (id is null)
        {
            session.Console.Error("There is no active key with this name or id; 'cloudticks keys list' shows the active keys.");
            return ExitCodes.Incomplete;
        }

        var revoked = (await session.Hub.SendAsync(HttpMethod.Delete, $"{Path}/{id}", null, null, cancellationToken)).Object;
        if (session.Json)
        {
            session.Console.Json(revoked);
        }
        else
        {
            session.Console.Line($"Key {revoked["id"]} of {revoked["name"]} was revoked at {Time(revoked["revoked_ms"])}.");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> SelfAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var self = (await session.Hub.GetAsync($"{Path}/self", cancellationToken)).Object;
        if (session.Json)
        {
            session.Console.Json(self);
        }
        else
        {
            session.Console.Line($"{self["name"]}, {self["role"]}");
        }

        return ExitCodes.Done;
    }

    private static async Task<string?> FindAsync(HubSession session, string name, CancellationToken cancellationToken) =>
        (await ReadAsync(session, cancellationToken))
            .FirstOrDefault(
                key => key["revoked_ms"] is null && $"{key["name"]}".Equals(name, StringComparison.OrdinalIgnoreCase))?["id"]?.ToString();

    private static async Task<JsonObject[]> ReadAsync(HubSession session, CancellationToken cancellationToken) =>
        (await session.Hub.GetAsync(Path, cancellationToken)).Body is JsonArray keys
            ? [.. keys.OfType<JsonObject>()]
            : throw new HubProblemException(ExitCodes.Incomplete, "The server at the hub's address is not a CloudTicks hub.", null);

    private static string Time(JsonNode? unixMs) =>
        unixMs is JsonValue value && value.TryGetValue<long>(out var ms) && Math.Abs(ms) < 253_402_300_799_999
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : "?";
}
