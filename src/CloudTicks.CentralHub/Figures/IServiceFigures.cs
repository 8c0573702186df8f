namespace CloudTicks.CentralHub.Figures;

/// <summary>
/// What a service tells the central hub of how it fares, beside the version that it follows; guards of rollouts judge by it.
/// </summary>
public interface IServiceFigures
{
    /// <summary>
    /// The figures of the moment, by name; <see cref="ServiceFigure"/> has the names. Counters count from the start of the process.
    /// </summary>
    public IReadOnlyDictionary<string, double> Read();
}
