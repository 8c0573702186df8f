namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A version of a service's document: a row of <c>config_versions</c>.</summary>
/// <param name="Version">The version's number, starting at 1 without gaps.</param>
/// <param name="Action">
/// The kind of change that created the version: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c>, <c>guard</c>, or <c>register</c>
/// for the defaults of a service that was registered again.
/// </param>
/// <param name="CreatedMs">When the version was created, Unix ms, UTC.</param>
public sealed record ConfigVersion(
    string Service, int Version, string Document, string Action, string Author, string? Comment, IReadOnlyList<string> Changes,
    long CreatedMs);
