using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>A change of a document that somebody wants.</summary>
/// <param name="Action">How the version comes about: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c> or <c>guard</c>.</param>
/// <param name="Comment">What he says of it; null when nothing.</param>
public sealed record ChangeOrder(ServiceDocument Document, string Action, string Author, string? Comment)
{
    /// <summary>Whether a document with this ETag may be changed; every one may by default.</summary>
    public Func<string, bool> Matches { get; init; } = _ => true;

    /// <summary>Whether doubtful values, such as symbols that do not look like one, are accepted.</summary>
    public bool Force { get; init; }

    /// <summary>Whether it is only to be told what the change would do.</summary>
    public bool DryRun { get; init; }
}
