using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.Functions.Disks;

internal static class DiskJson
{
    public static JsonArray Of(IEnumerable<DiskState> states) => [.. states.Select(Of)];

    private static JsonObject Of(DiskState state) => new()
    {
        ["name"] = state.Reading.Name,
        ["where"] = state.Reading.Where,
        ["state"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(state.Level.ToString()),
        ["bytes"] = state.Reading.Bytes,
        ["free_bytes"] = state.Reading.FreeBytes,
        ["total_bytes"] = state.Reading.TotalBytes,
        ["bytes_per_hour"] = state.BytesPerHour is { } pace ? Math.Round(pace) : null,
        ["hours_until_full"] = state.UntilFull is { } time ? Math.Round(time.TotalHours, 1) : null,
        ["problem"] = state.Problem,
        ["note"] = state.Reading.Note,
    };
}
