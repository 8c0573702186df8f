namespace CloudTicks.Simulator.Faults;

/// <summary>Thrown when a request for a fault is invalid.</summary>
/// <param name="problems">The errors in the request, at least one.</param>
internal sealed class FaultRequestException(IReadOnlyList<string> problems) : Exception(string.Join(' ', problems))
{
    public IReadOnlyList<string> Problems => problems;
}
