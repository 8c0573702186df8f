using System.Text.Json;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Services;

/// <summary>
/// A service's response. Status and Json are null if there was no response; Json is also null if the response was not JSON, or was too
/// long.
/// </summary>
internal sealed record ServiceResponse(int? Status, JsonElement? Json, string? Problem)
{
    public static ServiceResponse NotQueried { get; } = new(null, null, "not queried yet");

    public bool HasResponded => Status is not null;

    /// <summary>The JSON of a successful response; otherwise null.</summary>
    public JsonElement? Value => Status == StatusCodes.Status200OK ? Json : null;

    /// <summary>Deserialises the JSON. Missing members get their defaults; the result is null when a member has the wrong type.</summary>
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
