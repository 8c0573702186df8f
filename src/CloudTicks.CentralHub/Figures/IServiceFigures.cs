namespace CloudTicks.CentralHub.Figures;

/// <summary>Provides figures that a service reports to the central hub. Rollout guards evaluate them.</summary>
public interface IServiceFigures
{
    /// <summary>
    /// Reads the current figures, keyed by the names in <see cref="ServiceFigure"/>. Counters start at zero when the process starts.
    /// </summary>
    public IReadOnlyDictionary<string, double> Read();
}
