using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>The result of a change.</summary>
/// <param name="InForce">The version in force afterwards: the new one, if one was created.</param>
/// <param name="Json">The changed document, also for a dry run or a refusal; null when it was not computed.</param>
public sealed record ChangeResult(
    ChangeOutcome State, StoredDocument InForce, string? Json, IReadOnlyList<string> Changes, IReadOnlyList<DocumentFault> Faults);
