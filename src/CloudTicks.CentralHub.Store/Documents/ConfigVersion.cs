namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A version of the document of a service, as <c>config_versions</c> has it.</summary>
/// <param name="Version">Its number, 1 and up without a gap.</param>
/// <param name="Action">How it came about: <c>patch</c>, <c>put</c>, <c>rollback</c>, <c>rollout</c> or <c>guard</c>.</param>
/// <param name="CreatedMs">When, Unix ms, UTC.</param>
public sealed record ConfigVersion(
    string Service, int Version, string Document, string Action, string Author, string? Comment, IReadOnlyList<string> Changes,
    long CreatedMs);
