using System.Text.Json.Nodes;

namespace CloudTicks.Simulator.Faults;

/// <summary>Stores the requested faults. Sessions, the sender and the REST endpoints query them at each step.</summary>
internal sealed class FaultBoard(TimeProvider time, ILogger<FaultBoard> logger) : IDisposable
{
    /// <summary>The maximum number of faults, including those that have ended.</summary>
    public const int Capacity = 1_000;

    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _all = [];
    private ActiveFault[] _active = [];
    private long _lastId;

    public event Action? Changed;

    public bool HasNoFaults => Volatile.Read(ref _active).Length == 0;

    /// <exception cref="FaultRequestException">There are too many faults.</exception>
    public ActiveFault Add(Fault fault)
    {
        ActiveFault active;
        lock (_gate)
        {
            if (_all.Count >= Capacity)
                throw new FaultRequestException([$"There are {Capacity} faults already: clear them with DELETE /api/v1/faults."]);
            var id = ++_lastId;
            active = new ActiveFault(
                id, fault, fault.For is { } length ? time.CreateTimer(_ => End(id), null, length, Timeout.InfiniteTimeSpan) : null);
            _all.Add(active);
            UpdateActive();
        }

        Log.FaultRequested(logger, fault.Order.ToJsonString());
        Changed?.Invoke();
        return active;
    }

    /// <summary>Finds a fault of a kind that may strike a target now, and lets it strike.</summary>
    /// <param name="kind">One of <see cref="FaultCatalog"/>.</param>
    public Fault? Strike(string kind, FaultTarget target, string? when = null) =>
        Strike(kind, target, fault => when is null || fault.Word(FaultCatalog.When) == when);

    /// <summary>Finds a fault of a kind that may strike a target now, and lets it strike.</summary>
    public Fault? Strike(string kind, FaultTarget target, Predicate<Fault> matches)
    {
        foreach (var active in Volatile.Read(ref _active))
        {
            var fault = active.Fault;
            if (fault.Kind.Name == kind && matches(fault) && active.TryStrike(target))
            {
                if (!active.IsActive)
                    RefreshActive();
                return fault;
            }
        }

        return null;
    }

    public Fault? FindAffecting(string kind, FaultTarget target) =>
        Array.Find(Volatile.Read(ref _active), active => active.Fault.Kind.Name == kind && active.Affects(target))?.Fault;

    /// <summary>Finds a fault of a kind without striking.</summary>
    public Fault? Find(string kind, FaultTarget target) =>
        Array.Find(Volatile.Read(ref _active), active => active.Fault.Kind.Name == kind && active.Fault.IsFor(target))?.Fault;

    public void Forget(long connection)
    {
        foreach (var active in Volatile.Read(ref _active))
            active.Forget(connection);
    }

    public JsonArray ToJson()
    {
        lock (_gate)
            return [.. _all.Select(active => active.ToJson())];
    }

    public int Clear(long? id = null)
    {
        int cleared;
        lock (_gate)
        {
            foreach (var active in _all.Where(active => id is null || active.Id == id))
                active.Dispose();
            cleared = _all.RemoveAll(active => id is null || active.Id == id);
            UpdateActive();
        }

        Changed?.Invoke();
        return cleared;
    }

    public void Dispose() => Clear();

    /// <summary>Ends a fault; it stays on the list.</summary>
    public void End(long id)
    {
        lock (_gate)
            _all.Find(active => active.Id == id)?.Dispose();
        RefreshActive();
        Changed?.Invoke();
    }

    private void RefreshActive()
    {
        lock (_gate)
            UpdateActive();
    }

    private void UpdateActive() => Volatile.Write(ref _active, [.. _all.Where(active => active.IsActive)]);
}
