using System.Text.Json;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>What a service answered.</summary>
/// <param name="Status">The status; null when it did not answer.</param>
/// <param name="Json">The answer; null when it is none.</param>
/// <param name="Problem">Why there is none, in a few words.</param>
internal sealed record ServiceAnswer(int? Status, JsonElement? Json, string? Problem)
{
    public static ServiceAnswer NotAsked { get; } = new(null, null, "it was not asked yet");

    /// <summary>Whether somebody answers there.</summary>
    public bool IsThere => Status is not null;

    /// <summary>The answer, when it is one that says what was asked.</summary>
    public JsonElement? Good => Status == StatusCodes.Status200OK ? Json : null;
}
