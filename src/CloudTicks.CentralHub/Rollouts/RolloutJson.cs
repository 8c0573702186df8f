using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Rollouts;

internal static class RolloutJson
{
    /// <exception cref="FormatException">The JSON is not a rollout.</exception>
    /// <exception cref="InvalidOperationException">A value has the wrong type.</exception>
    public static Rollout Read(JsonNode? json) =>
        json is JsonObject rollout && (string?)rollout["flag"] is { Length: > 0 } flag && (string?)rollout["list"] is { Length: > 0 } list
            ? new Rollout(flag, list, Guard(rollout["guard"]))
            : throw new FormatException("A rollout needs a flag and a list: {\"flag\":\"nasdaq\",\"list\":\"nasdaq-100\"}.");

    private static RolloutGuard? Guard(JsonNode? json) => json is not JsonObject guard
        ? null
        : new RolloutGuard(
            TimeSpan.FromSeconds(Number(guard, "window") ?? RolloutGuard.DefaultWindow.TotalSeconds),
            (long?)Number(guard, "max_refused_ticks"),
            (long?)Number(guard, "max_missing_acks"), (long?)Number(guard, "max_lag_records"), Number(guard, "max_feed_latency_ms"));

    /// <summary>Reads a number that was parsed from text or set by code.</summary>
    public static double? Number(JsonObject json, string name) =>
        json[name] is not JsonValue value ? null
        : value.TryGetValue(out double number) ? number
        : value.TryGetValue(out long whole) ? whole
        : value.TryGetValue(out int small) ? small
        : throw new FormatException($"{name} must be a number.");
}
