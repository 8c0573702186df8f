using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>A requested change to a document.</summary>
/// <param name="Action">The kind of change: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c> or <c>guard</c>.</param>
/// <param name="Comment">The author's comment; null for none.</param>
public sealed record ChangeRequest(ServiceDocument Document, string Action, string Author, string? Comment)
{
    /// <summary>Returns whether a document with the given ETag may be changed; by default, any may.</summary>
    public Func<string, bool> Matches { get; init; } = _ => true;

    /// <summary>Whether doubtful values, such as malformed symbols, are accepted.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to report the effect without making the change.</summary>
    public bool DryRun { get; init; }
}
