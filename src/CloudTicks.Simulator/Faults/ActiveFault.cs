using System.Text.Json.Nodes;

namespace CloudTicks.Simulator.Faults;

/// <summary>A requested fault, and the number of times that it has struck.</summary>
internal sealed class ActiveFault(long id, Fault fault, ITimer? end) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _connections = [];
    private long _strikes;
    private bool _hasEnded;

    public long Id => id;

    public Fault Fault => fault;

    public bool IsActive
    {
        get
        {
            lock (_gate)
                return !_hasEnded && (fault.Kind.IsState || HasTimesLeft);
        }
    }

    private bool HasTimesLeft => fault.Times is not { } times || _strikes < times;

    public bool TryStrike(FaultTarget target)
    {
        lock (_gate)
        {
            if (_hasEnded || !HasTimesLeft || !fault.IsFor(target))
                return false;
            _strikes++;
            return true;
        }
    }

    /// <summary>
    /// Returns whether the fault affects a connection. The first call for a matching connection counts as a strike,
    /// and returns false if no strikes are left.
    /// </summary>
    public bool Affects(FaultTarget target)
    {
        lock (_gate)
        {
            if (_hasEnded || target.Connection is not { } connection || !fault.IsFor(target))
                return false;
            if (_connections.Contains(connection))
                return true;
            if (!HasTimesLeft)
                return false;
            _strikes++;
            return _connections.Add(connection);
        }
    }

    /// <summary>Forgets a connection that has ended. Numbers of connections are never reused.</summary>
    public void Forget(long connection)
    {
        lock (_gate)
            _connections.Remove(connection);
    }

    public void Dispose()
    {
        lock (_gate)
            _hasEnded = true;
        end?.Dispose();
    }

    public JsonObject ToJson()
    {
        var isActive = IsActive;
        lock (_gate)
        {
            var json = new JsonObject { ["id"] = id, ["active"] = isActive, ["strikes"] = _strikes };
            foreach (var (name, value) in fault.Order)
                json[name] = value?.DeepClone();
            return json;
        }
    }
}
