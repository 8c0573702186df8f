namespace CloudTicks.AppHost.Local.Running;

/// <summary>The parts of a run in composition order, and the phase of the run. Thread-safe.</summary>
internal sealed class PartBoard
{
    private readonly Lock _gate = new();
    private readonly List<Part> _parts = [];
    private readonly List<string> _commands = [];
    private volatile RunPhase _phase;
    private long _endsAtMs;

    public RunPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>When a run with a fixed length ends; null if unknown.</summary>
    public DateTimeOffset? EndsAt
    {
        get => Interlocked.Read(ref _endsAtMs) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
        set => Interlocked.Exchange(ref _endsAtMs, value?.ToUnixTimeMilliseconds() ?? 0);
    }

    public IReadOnlyList<Part> Parts
    {
        get
        {
            lock (_gate)
            {
                return [.. _parts];
            }
        }
    }

    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (_gate)
            {
                return [.. _commands];
            }
        }
    }

    public void SetState(string name, PartState state) => Change(name, part => part with
    {
        State = state,
        Restarts = part.Restarts + (state == PartState.Restarting && part.State != PartState.Restarting ? 1 : 0),
    });

    public void SetRestarted(string name, DateTimeOffset at) => Change(name, part => part with { RestartedAt = at });

    public int RestartsOf(string name) => Parts.FirstOrDefault(part => part.Name == name)?.Restarts ?? 0;

    /// <summary>Sets the result of a health check. Starting and stopping parts are not checked.</summary>
    public void SetHealth(string name, bool isHealthy) => Change(name, part => part with
    {
        State = part.State is PartState.Healthy or PartState.Unhealthy ? isHealthy ? PartState.Healthy : PartState.Unhealthy : part.State,
    });

    public void SetEndpoint(string name, string endpoint, Uri? health = null) =>
        Change(name, part => part with { Endpoint = endpoint, Health = health });

    public void AddCommand(string command)
    {
        lock (_gate)
        {
            _commands.Add(command);
        }
    }

    private void Change(string name, Func<Part, Part> change)
    {
        lock (_gate)
        {
            var index = _parts.FindIndex(part => part.Name == name);
            if (index < 0)
            {
                _parts.Add(change(new Part(name)));
            }
            else
            {
                _parts[index] = change(_parts[index]);
            }
        }
    }
}
