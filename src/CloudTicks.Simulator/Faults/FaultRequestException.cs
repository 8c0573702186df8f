namespace CloudTicks.Simulator.Faults;

/// <summary>Thrown when a request for a fault is invalid.</summary>
/// <param name="sentences">The errors in the request, at least one.</param>
internal sealed class FaultRequestException(IReadOnlyList<string> sentences) : Exception(string.Join(' ', sentences))
{
    public IReadOnlyList<string> Sentences => sentences;
}
