namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A version that is to be written.</summary>
/// <param name="Document">The document, JSON.</param>
/// <param name="Action">How it comes about: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c> or <c>guard</c>.</param>
/// <param name="Author">Who makes it.</param>
/// <param name="Comment">What he says of it; null when nothing.</param>
/// <param name="Changes">What it changes, in plain terms.</param>
public sealed record NewConfigVersion(string Document, string Action, string Author, string? Comment, IReadOnlyList<string> Changes);
