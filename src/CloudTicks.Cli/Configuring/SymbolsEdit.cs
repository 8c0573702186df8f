using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;
using CloudTicks.ServiceDocuments;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Configuring;

/// <summary>
/// Changes the symbols of the document in force. After a concurrent change, reads the document again and repeats the edit.
/// </summary>
internal static class SymbolsEdit
{
    /// <summary>Of several concurrent edits, only one succeeds at a time, so the others need several attempts.</summary>
    private const int MaxAttempts = 100;

    private const int MaxPauseMs = 50;

    private static readonly ConfigArguments Collector = new(KnownServices.Documents.Find(ServiceNames.Collector)!, []);

    /// <summary>Computes the new symbols from the old ones; null when nothing changes.</summary>
    /// <exception cref="HubProblemException">The symbols cannot be changed as requested.</exception>
    public delegate IReadOnlyList<string>? Edit(JsonObject document, IReadOnlyList<string> named, IReadOnlyList<Symbol> symbols);

    public static IReadOnlyList<string>? Add(JsonObject document, IReadOnlyList<string> named, IReadOnlyList<Symbol> symbols)
    {
        if (!IsSelecting(document))
        {
            throw new HubProblemException(
                ExitCodes.Incomplete,
                "The document selects no symbols, so the collector's own settings apply. One symbol in the document "
                    + "would replace all of them: set all symbols with 'cloudticks config set symbols=...'.", null);
        }

        var present = named.Select(Normalised).ToHashSet(StringComparer.Ordinal);
        var added = symbols.Select(symbol => symbol.Name).Where(name => !present.Contains(name)).ToArray();
        return added.Length > 0 ? [.. named, .. added] : null;
    }

    public static IReadOnlyList<string>? Remove(JsonObject document, IReadOnlyList<string> named, IReadOnlyList<Symbol> symbols)
    {
        var removed = symbols.Select(symbol => symbol.Name).ToHashSet(StringComparer.Ordinal);
        var missing = removed.Except(named.Select(Normalised)).ToArray();
        return missing.Length == 0 ? [.. named.Where(text => !removed.Contains(Normalised(text)))] : throw new HubProblemException(
            ExitCodes.Incomplete,
            $"The document does not name {string.Join(", ", missing)}, so nothing was removed. To remove symbols of a list or a rollout, "
                + "change the list or the rollout: 'cloudticks symbols list' shows both, 'cloudticks config set lists=...' sets the lists.",
            null);
    }

    /// <param name="lookup">Null accepts the symbols without a lookup.</param>
    public static async Task<int> ChangeAsync(
        HubSession session, IReadOnlyList<Symbol> symbols, Edit edit, string query, ReferenceLookup? lookup,
        CancellationToken cancellationToken)
    {
        if (lookup is not null && await lookup.RefusalAsync(symbols, Console.Error, cancellationToken) is { } refusal)
        {
            throw new HubProblemException(ExitCodes.Refused, refusal, null);
        }

        for (var tries = 1; ; tries++)
        {
            var inForce = await VersionedDocument.ReadAsync(session.Hub, Collector, cancellationToken);
            if (edit(inForce.Document, NamedSymbols(inForce.Document), symbols) is not { } wanted)
            {
                return Unchanged(session, inForce);
            }

            var patch =
                new JsonObject
                {
                    ["operational"] = new JsonObject { ["symbols"] = new JsonArray([.. wanted.Select(name => JsonValue.Create(name))]) },
                };
            try
            {
                return ConfigChange.Show(
                    session, await session.Hub.SendAsync(HttpMethod.Post, Collector.Path + query, patch, inForce.Tag, cancellationToken));
            }
            catch (HubProblemException problem) when (problem.ExitCode == ExitCodes.Conflict && tries < MaxAttempts)
            {
                // Another writer changed the document first: read the new version, and apply the edit to it.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(MaxPauseMs)), session.Time, cancellationToken);
            }
        }
    }

    public static async Task<int> ListAsync(HubSession session, CancellationToken cancellationToken)
    {
        var inForce = await VersionedDocument.ReadAsync(session.Hub, Collector, cancellationToken);
        var operational = inForce.Document["operational"] as JsonObject;
        if (session.Json)
        {
            var response = new JsonObject { ["service"] = Collector.Document.Service, ["version"] = inForce.Version };
            foreach (var field in (string[])["symbols", "lists", "underlyings", "rollouts"])
            {
                response[field] = operational?[field]?.DeepClone() ?? new JsonArray();
            }

            if (operational?["on_demand"] is { } added)
            {
                response["on_demand"] = added.DeepClone();
            }

            session.Console.Json(response);
            return ExitCodes.Done;
        }

        foreach (var symbol in NamedSymbols(inForce.Document))
        {
            session.Console.Line(symbol);
        }

        WriteNames(session.Console, operational, "lists", "list");
        WriteNames(session.Console, operational, "underlyings", "options of");
        foreach (var added in (operational?["on_demand"] as JsonArray ?? []).OfType<JsonObject>())
        {
            session.Console.Heading($"requested by a relay: {added["symbol"]}");
        }

        foreach (var rollout in (operational?["rollouts"] as JsonArray ?? []).OfType<JsonObject>())
        {
            session.Console.Heading($"rollout {rollout["flag"]} of {rollout["list"]}");
        }

        return ExitCodes.Done;
    }

    private static void WriteNames(HubConsole console, JsonObject? operational, string field, string label)
    {
        foreach (var name in operational?[field] as JsonArray ?? [])
        {
            console.Heading($"{label} {name}");
        }
    }

    private static int Unchanged(HubSession session, VersionedDocument inForce)
    {
        if (session.Json)
        {
            session.Console.Json(new JsonObject
            {
                ["service"] = Collector.Document.Service,
                ["version"] = inForce.Version,
                ["dry_run"] = false,
                ["changes"] = new JsonArray(),
                ["document"] = inForce.Document.DeepClone(),
            });
        }
        else
        {
            session.Console.Line(
                string.Create(CultureInfo.InvariantCulture, $"Nothing changes: version {inForce.Version} already has all these symbols."));
        }

        return ExitCodes.Done;
    }

    private static bool IsSelecting(JsonObject document) =>
        document["operational"] is JsonObject operational
            && ((string[])["symbols", "lists", "underlyings", "rollouts"]).Any(operational.ContainsKey);

    private static IReadOnlyList<string> NamedSymbols(JsonObject document) =>
        document["operational"]?["symbols"] is JsonArray symbols ? [.. symbols.Select(symbol => symbol?.ToString() ?? "")] : [];

    private static string Normalised(string text) => Symbol.TryParse(text, out var symbol) ? symbol.Name : text;
}
