using CloudTicks.Dashboard.Services;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Reads the response of <c>/health</c>, which has the same format for all our services.</summary>
internal static class HealthChecks
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";
    public const string Unavailable = "away";

    private static readonly Dictionary<string, CheckResponse> Empty = [];

    public static string StateOf(ServiceResponse answer) => !answer.HasResponded ? Unavailable
        : Read(answer)?.Status?.ToLowerInvariant() switch
        {
            Healthy => Healthy,
            Degraded => Degraded,
            Unhealthy => Unhealthy,
            _ => answer.Status == StatusCodes.Status200OK ? Healthy : Unhealthy,
        };

    public static IEnumerable<(string Name, string Sentence)> Failing(ServiceResponse answer) => (Read(answer)?.Checks ?? Empty)
        .Where(check => check.Value?.Status is { } status && !status.Equals(Healthy, StringComparison.OrdinalIgnoreCase))
        .Select(check => (check.Key, check.Value.Description ?? $"Its check '{check.Key}' does not pass."));

    /// <summary>Returns the state of one check of a service; null when the response does not contain it.</summary>
    public static (string State, string? Sentence)? CheckOf(ServiceResponse answer, string name) =>
        Read(answer)?.Checks?.GetValueOrDefault(name) is { Status: { } status } check
            ? (status.ToLowerInvariant(), check.Description)
            : null;

    private static HealthResponse? Read(ServiceResponse answer) => ServiceResponse.Read<HealthResponse>(answer.Json);
}
