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

    public static string StateOf(ServiceResponse response) => !response.HasResponded ? Unavailable
        : Read(response)?.Status?.ToLowerInvariant() switch
        {
            Healthy => Healthy,
            Degraded => Degraded,
            Unhealthy => Unhealthy,
            _ => response.Status == StatusCodes.Status200OK ? Healthy : Unhealthy,
        };

    public static IEnumerable<(string Name, string Sentence)> Failing(ServiceResponse response) => (Read(response)?.Checks ?? Empty)
        .Where(check => check.Value?.Status is { } status && !status.Equals(Healthy, StringComparison.OrdinalIgnoreCase))
        .Select(check => (check.Key, check.Value.Description ?? $"The check '{check.Key}' failed."));

    /// <summary>Returns the state of one check of a service; null when the response does not contain it.</summary>
    public static (string State, string? Sentence)? CheckOf(ServiceResponse response, string name) =>
        Read(response)?.Checks?.GetValueOrDefault(name) is { Status: { } status } check
            ? (status.ToLowerInvariant(), check.Description)
            : null;

    private static HealthResponse? Read(ServiceResponse response) => ServiceResponse.Read<HealthResponse>(response.Json);
}
