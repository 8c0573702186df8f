using CloudTicks.Ticks.Measures;

namespace CloudTicks.Dashboard.Pipeline;

internal sealed class CounterRates(TimeProvider time)
{
    private readonly Dictionary<string, (RateMeter Meter, int Readings)> _meters = [];

    /// <summary>Adds a reading of a counter.</summary>
    /// <returns>The increase per second; null for an unknown value and for the first reading.</returns>
    public double? Read(string name, double? count)
    {
        if (count is not { } value)
        {
            _meters.Remove(name);
            return null;
        }

        var (meter, readings) = _meters.GetValueOrDefault(name, (new RateMeter(time), 0));
        _meters[name] = (meter, readings + 1);
        var rate = meter.Read((long)value);
        return readings > 0 ? Math.Round(rate, 1) : null;
    }
}
