namespace CloudTicks.CentralHub.Figures;

/// <summary>Figures that a service reports to the central hub; guards of rollouts judge by them.</summary>
public interface IServiceFigures
{
    /// <summary>The current figures by <see cref="ServiceFigure"/>'s names; counters count from the process's start.</summary>
    public IReadOnlyDictionary<string, double> Read();
}
