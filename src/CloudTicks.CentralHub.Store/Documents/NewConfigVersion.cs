namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A version to write.</summary>
/// <param name="Action">
/// The kind of change that creates the version: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c> or <c>guard</c>.
/// </param>
/// <param name="Comment">The author's comment; null if there is none.</param>
public sealed record NewConfigVersion(string Document, string Action, string Author, string? Comment, IReadOnlyList<string> Changes);
