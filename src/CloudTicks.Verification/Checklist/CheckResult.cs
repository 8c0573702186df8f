using CloudTicks.Verification.Findings;

namespace CloudTicks.Verification.Checklist;

/// <summary>One line of the checklist.</summary>
/// <param name="Name">The check's name on the command line and in JSON.</param>
/// <param name="Title">The condition that is checked.</param>
public sealed record CheckResult(string Name, string Title, Finding Finding, TimeSpan Duration);
