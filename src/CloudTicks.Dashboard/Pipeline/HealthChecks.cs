using System.Text.Json;
using CloudTicks.Dashboard.Services;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Reads <c>/health</c>, as all our services answer it.</summary>
internal static class HealthChecks
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";
    public const string Away = "away";

    public static string StateOf(ServiceAnswer answer) => !answer.IsThere ? Away
        : answer.Json.Text("status")?.ToLowerInvariant() switch
        {
            Healthy => Healthy,
            Degraded => Degraded,
            Unhealthy => Unhealthy,
            _ => answer.Status == StatusCodes.Status200OK ? Healthy : Unhealthy,
        };

    public static IEnumerable<(string Name, string Sentence)> Failing(ServiceAnswer answer) => answer.Json.Fields("checks")
        .Where(check => check.Value.Text("status") is { } status && !status.Equals(Healthy, StringComparison.OrdinalIgnoreCase))
        .Select(check => (check.Name, check.Value.Text("description") ?? $"Its check '{check.Name}' does not pass."));

    /// <summary>The state of one check of a service; null when it does not tell.</summary>
    public static (string State, string? Sentence)? CheckOf(ServiceAnswer answer, string name) =>
        answer.Json.Field("checks").Field(name) is { } check && ((JsonElement?)check).Text("status") is { } status
            ? (status.ToLowerInvariant(), ((JsonElement?)check).Text("description"))
            : null;
}
