namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A version that is to be written.</summary>
/// <param name="Action">How it comes about: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c> or <c>guard</c>.</param>
/// <param name="Comment">What he says of it; null when nothing.</param>
public sealed record NewConfigVersion(string Document, string Action, string Author, string? Comment, IReadOnlyList<string> Changes);
