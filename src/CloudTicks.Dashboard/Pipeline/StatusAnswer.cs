using System.Text.Json;
using CloudTicks.Dashboard.Services;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>What a service answered when its status was queried.</summary>
/// <typeparam name="T">The status.</typeparam>
internal sealed record StatusAnswer<T>(ServiceAnswer Answer)
    where T : class
{
    /// <summary>The status; null where the answer is none: no service can break the page.</summary>
    public T? Good { get; } = Read(Answer.Good);

    public bool IsThere => Answer.IsThere;

    private static T? Read(JsonElement? json)
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
