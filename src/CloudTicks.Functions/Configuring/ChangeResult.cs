using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>What became of a change.</summary>
/// <param name="InForce">The version that is in force now: the new one, if it was made.</param>
/// <param name="Json">The document as the change has it, also where it was only tried or refused; null where it was not looked at.</param>
public sealed record ChangeResult(
    ChangeState State, StoredDocument InForce, string? Json, IReadOnlyList<string> Changes, IReadOnlyList<DocumentFault> Faults);
