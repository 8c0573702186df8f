using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;
using CloudTicks.ServiceDocuments;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Rollouts;

internal static class RolloutList
{
    /// <summary>Prints all rollouts, or one flag with its symbols.</summary>
    public static int Show(HubSession session, HubResponse response, string? flag)
    {
        JsonObject[] all = [.. (response.Object["rollouts"] as JsonArray ?? []).OfType<JsonObject>()];
        JsonObject[] wanted = [.. all.Where(rollout => flag is null || Text(rollout, "flag") == flag)];
        if (flag is not null && wanted.Length == 0)
        {
            var flags = string.Join(", ", all.Select(rollout => Text(rollout, "flag")).Distinct());
            session.Console.Error($"There is no flag '{flag}'; {(all.Length == 0 ? "there are no flags" : $"the flags are {flags}")}.");
            return ExitCodes.Incomplete;
        }

        if (session.Json)
        {
            var json = (JsonObject)response.Object.DeepClone();
            json["rollouts"] = new JsonArray([.. wanted.Select(rollout => rollout.DeepClone())]);
            session.Console.Json(json);
            return ExitCodes.Done;
        }

        var isOfSymbols = Text(response.Object, "service") == ServiceNames.Collector;
        if (wanted.Length == 0)
        {
            session.Console.Line(!isOfSymbols ? "The document has no feature flags." :
                "There are no rollouts: define them in operational.rollouts of polygon-live-collector, with flags in feature_management.");
        }

        foreach (var rollout in wanted)
        {
            Show(session.Console, rollout, isOfSymbols, withSymbols: flag is not null);
        }

        return ExitCodes.Done;
    }

    private static void Show(HubConsole console, JsonObject rollout, bool isOfSymbols, bool withSymbols)
    {
        var (on, off) = (Symbols(rollout, "on"), Symbols(rollout, "off"));
        var percentage = rollout["percentage"] is JsonValue value
            ? string.Create(CultureInfo.InvariantCulture, $"{value.GetValue<double>():0.####} %") : "no percentage";
        var isEnabled = rollout["enabled"] is JsonValue enabled && enabled.GetValue<bool>();
        console.Heading(Text(rollout, "list") is { } list
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Text(rollout, "flag")}: {percentage} of {list}{(isEnabled ? "" : ", paused")}, {on.Length} of "
                    + $"{Counted.Of(on.Length + off.Length, "symbol")} on")
            : $"{Text(rollout, "flag")}: {percentage}{(isOfSymbols ? ", not used by a rollout" : isEnabled ? "" : ", off")}");
        if (rollout["step"] is JsonObject step)
        {
            console.Line(
                $"  version {step["version"]} by {Text(step, "author")}, "
                    + $"{Text(step, "time")}{(Text(step, "comment") is { Length: > 0 } comment ? $": {comment}" : "")}");
        }

        if (rollout["guard"] is JsonObject guard)
        {
            var limits = guard.Where(limit => limit.Key.StartsWith("max_", StringComparison.Ordinal) && limit.Value is not null)
                .Select(limit => $"{limit.Key} {limit.Value}");
            console.Line($"  guard: {string.Join(", ", limits.DefaultIfEmpty("no limits"))}, within {guard["window"]} s of a step"
                + (Text(guard, "watches_until") is { } until ? $"; watches until {until}" : ""));
        }

        if (withSymbols)
        {
            Array.ForEach(on, console.Added);
            Array.ForEach(off, console.Removed);
        }
    }

    private static string[] Symbols(JsonObject rollout, string side) =>
        [.. (rollout[side] as JsonArray ?? []).Select(symbol => symbol?.ToString() ?? "")];

    private static string? Text(JsonObject json, string name) => json[name]?.ToString();
}
