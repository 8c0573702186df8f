namespace CloudTicks.CentralHub.Figures;

/// <summary>Figures that a service reports to the central hub. Rollout guards evaluate them.</summary>
public interface IServiceFigures
{
    /// <summary>The current figures by the names of <see cref="ServiceFigure"/>. Counters start with the process.</summary>
    public IReadOnlyDictionary<string, double> Read();
}
