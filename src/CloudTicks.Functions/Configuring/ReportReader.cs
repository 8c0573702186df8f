using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store.Reports;

namespace CloudTicks.Functions.Configuring;

internal static class ReportReader
{
    private const int MaxNameLength = 128;
    private const int MaxStateLength = 32;
    private const int MaxProblemLength = 2_000;
    private const int MaxFigures = 64;

    public static ServiceReport? Read(string service, string? instance, JsonObject report, out DocumentFault? fault)
    {
        fault = !IsName(instance)
            ? new DocumentFault("", $"A process name must have 1 to {MaxNameLength} characters and no control characters.")
            : Version(report) is null ? new DocumentFault("/version", "It must be the number of the followed version, 0 for none.")
            : Text(report, "state") is not { Length: > 0 and <= MaxStateLength }
            ? new DocumentFault("/state", $"It must be a string of 1 to {MaxStateLength} characters.")
            : report["problem"] is not null && Text(report, "problem") is null
            ? new DocumentFault("/problem", "It must be a string or null.")
            : Figures(report) is null ? new DocumentFault(
                "/figures",
                $"It must be an object with at most {MaxFigures} finite numbers, whose names have at most {MaxNameLength} characters.")
            : null;
        return fault is null
            ? new ServiceReport(
                service, instance!, 0, Version(report)!.Value, Text(report, "state")!, Shorten(Text(report, "problem")), Figures(report)!)
            : null;
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl);

    private static int? Version(JsonObject report) =>
        report["version"] is JsonValue value && value.TryGetValue<int>(out var version) && version >= 0 ? version : null;

    private static string? Text(JsonObject report, string name) =>
        report[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Shorten(string? problem) => problem?.Length > MaxProblemLength ? problem[..MaxProblemLength] : problem;

    private static Dictionary<string, double>? Figures(JsonObject report)
    {
        if (report["figures"] is null)
        {
            return [];
        }

        if (report["figures"] is not JsonObject { Count: <= MaxFigures } figures
            || figures.Any(figure => figure.Key.Length > MaxNameLength || figure.Value?.GetValueKind() != JsonValueKind.Number))
        {
            return null;
        }

        var values = figures.ToDictionary(figure => figure.Key, figure => figure.Value!.GetValue<double>());
        return values.Values.All(double.IsFinite) ? values : null;
    }
}
