using System.Text.Json;

namespace CloudTicks.Cli.Backfilling;

/// <param name="State"><c>open</c>, <c>filling</c>, <c>filled</c> or <c>unfillable</c>.</param>
/// <param name="Progress">The progress, 0 to 1.</param>
internal sealed record BackfillResponse(Guid Id, string State, double Progress, long Recovered, string? Detail, string Json)
{
    /// <summary>Whether the backfill has ended.</summary>
    public bool IsDone => State is "filled" or "unfillable";

    /// <exception cref="JsonException">The text is not a collector's response.</exception>
    public static BackfillResponse Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id"u8, out var id) && id.TryGetGuid(out var guid)
            && root.TryGetProperty("state"u8, out var state) && root.TryGetProperty("progress"u8, out var progress)
            && root.TryGetProperty("recovered"u8, out var recovered)
            ? new BackfillResponse(
                guid, state.GetString() ?? "", progress.GetDouble(), recovered.GetInt64(),
                root.TryGetProperty("detail"u8, out var detail) ? detail.GetString() : null, json)
            : throw new JsonException("The text is not a collector's answer.");
    }
}
