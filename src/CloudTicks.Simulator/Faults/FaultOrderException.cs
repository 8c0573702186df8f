namespace CloudTicks.Simulator.Faults;

/// <summary>An order of a fault cannot be carried out.</summary>
/// <param name="sentences">What is wrong with it, at least one sentence.</param>
internal sealed class FaultOrderException(IReadOnlyList<string> sentences) : Exception(string.Join(' ', sentences))
{
    public IReadOnlyList<string> Sentences => sentences;
}
