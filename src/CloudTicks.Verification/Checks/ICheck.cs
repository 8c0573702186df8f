using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Checks;

/// <summary>One check of the operator's checklist.</summary>
internal interface ICheck
{
    /// <summary>The check's name on the command line and in JSON.</summary>
    public string Name { get; }

    /// <summary>The condition that is checked, in a few words.</summary>
    public string Title { get; }

    /// <summary>
    /// The parts that are checked. If one of them does not answer, the check fails; if any other part does not answer, the result is
    /// unknown.
    /// </summary>
    public IReadOnlyList<string> Subjects { get; }

    /// <summary>Runs the check.</summary>
    /// <exception cref="NoResponseException">A part does not answer.</exception>
    public Task<Finding> CheckAsync(CancellationToken cancellationToken);
}
