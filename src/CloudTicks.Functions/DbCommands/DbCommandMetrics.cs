using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.DbCommands;

/// <summary>Meter <c>CloudTicks.Functions</c>: the ticks that <c>POST /db_command</c> saved, and the requests that it refused.</summary>
public sealed class DbCommandMetrics
{
    private readonly Counter<long> _saved;
    private readonly Counter<long> _refused;

    /// <summary>Creates the instruments.</summary>
    public DbCommandMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Functions");
        _saved = meter.CreateCounter<long>(
            "cloudticks.db_command.saved.ticks", "{tick}", "Ticks of commands that the event hub has acknowledged");
        _refused = meter.CreateCounter<long>(
            "cloudticks.db_command.refused.requests", "{request}", "Refused commands, by HTTP status");
    }

    internal void Saved(int ticks) => _saved.Add(ticks);

    internal void Refused(int status) => _refused.Add(1, new KeyValuePair<string, object?>("status", status));
}
