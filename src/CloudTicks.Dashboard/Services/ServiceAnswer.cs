using System.Text.Json;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Services;

/// <summary>A service's answer; null without an answer, or where it is no JSON.</summary>
internal sealed record ServiceAnswer(int? Status, JsonElement? Json, string? Problem)
{
    public static ServiceAnswer NotAsked { get; } = new(null, null, "it was not asked yet");

    public bool IsThere => Status is not null;

    /// <summary>The answer, when it is one that says what was asked.</summary>
    public JsonElement? Good => Status == StatusCodes.Status200OK ? Json : null;

    /// <summary>Reads what is there; null where the JSON is of another kind.</summary>
    public static T? Read<T>(JsonElement? json)
        where T : class
    {
        try
        {
            return json?.Deserialize<T>(StatusJson.Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
