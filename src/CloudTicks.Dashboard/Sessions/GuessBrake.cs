using System.Net;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>Limits failed keys: five a minute from one address, thirty from all.</summary>
internal sealed class GuessBrake(TimeProvider time)
{
    private const int MostOfClient = 5;
    private const int MostOfAll = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(IPAddress Client, long At)> _tries = [];

    /// <summary>Takes a try.</summary>
    /// <returns>How long to wait; null when it may be made.</returns>
    public TimeSpan? Take(IPAddress client)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tries.RemoveAll(made => time.GetElapsedTime(made.At, now) >= Window);
            var own = _tries.Where(made => made.Client.Equals(client)).ToList();
            if (own.Count >= MostOfClient || _tries.Count >= MostOfAll)
            {
                return Window - time.GetElapsedTime(own.Count >= MostOfClient ? own[0].At : _tries[0].At, now);
            }

            _tries.Add((client, now));
            return null;
        }
    }

    /// <summary>The key was right, or nobody could tell.</summary>
    public void GiveBack(IPAddress client)
    {
        lock (_gate)
        {
            var index = _tries.FindLastIndex(made => made.Client.Equals(client));
            if (index >= 0)
            {
                _tries.RemoveAt(index);
            }
        }
    }
}
